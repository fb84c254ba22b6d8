// Swagger UI on this server's own document; it loads nothing from other hosts.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  validatorUrl: null,
});
