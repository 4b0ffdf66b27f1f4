internal import RelayHTTP

/// What a browser sees at `/`: where to look, and nothing of the relay's.
enum FrontPage {
  static let response = HTTPResponse(
    status: 200, contentType: "text/html; charset=utf-8",
    fields: [
      .noStore, HTTPResponse.Field("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
      HTTPResponse.Field("X-Content-Type-Options", "nosniff"),
      HTTPResponse.Field("Referrer-Policy", "no-referrer"),
    ], body: Array(page.utf8))

  private static let page = """
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><title>Petrel</title></head>
    <body>
    <h1>Petrel</h1>
    <p>The relay runs. This is its admin interface: <a href="api/openapi.json">api/openapi.json</a> describes it,
    <a href="metrics">metrics</a> is for Prometheus, <a href="readyz">readyz</a> tells whether events are taken.</p>
    <p>On the command line: <code>petrel status</code>, <code>petrel executions list</code>,
    <code>petrel --help</code>.</p>
    </body>
    </html>

    """
}
