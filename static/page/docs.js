/** Starts Swagger UI, which its script puts into `window.SwaggerUIBundle`. */

const { SwaggerUIBundle } = /** @type {{SwaggerUIBundle: (options: object) => void}} */ (
  /** @type {unknown} */ (window)
);

SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: false, // it would write "#/..." after the base address, not after this page's
  validatorUrl: null, // its badge would come from another origin
});
