/** Removes a refused token from the address, where others could read it. The server redirects after a right one. */

if (location.search) history.replaceState(null, "", "login");
