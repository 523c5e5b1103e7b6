/** The lesson "descent". */
