/** The lesson "network". */
