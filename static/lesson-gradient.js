/** The lesson "gradient". */
