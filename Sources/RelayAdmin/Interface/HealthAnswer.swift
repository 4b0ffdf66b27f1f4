internal import RelayDocuments
package import RelayHTTP

/// What load balancers and supervisors ask, on both listeners.
package enum HealthAnswer {
  /// The process lives.
  package static let alive = HTTPResponse(
    status: 200, contentType: "application/json", fields: [.noStore], body: Array(#"{"status":"ok"}"#.utf8))

  /// 200 where events are taken and made durable, with what will get in the way if it goes on; else 503 with what
  /// is in the way.
  package static func readiness(_ status: RelayStatus) -> HTTPResponse {
    var facts: [(name: String, value: JSON)] = [
      ("generation", .number(JSONNumber(text: "\(status.generation)"))),
      ("fingerprint", .string(status.fingerprint)),
    ]
    if let degraded = status.degraded { facts.append(("degraded", .string(degraded))) }
    guard status.isReady else {
      var response = HTTPResponse.problem(
        status: 503, code: status.isDraining ? "draining" : "not_ready", title: "Not ready",
        detail: status.obstacle, members: facts)
      response.fields.append(.noStore)
      return response
    }
    return HTTPResponse(
      status: 200, contentType: "application/json", fields: [.noStore],
      body: JSON.object(JSONObject(facts)).serialized())
  }
}
