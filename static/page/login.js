/** Removes a refused token from the address, where others could read it. The server redirects after a right one. */

if (new URLSearchParams(location.search).has("token")) history.replaceState(null, "", "login");
