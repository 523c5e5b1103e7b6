/** The lesson "slope". */
