/** The lesson "cost". */
