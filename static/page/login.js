/** Takes a token that was refused out of the address, where others could read it; one that was right never stays. */

if (location.search) history.replaceState(null, "", "login");
