internal import RelayDocuments
internal import RelayModel

/// Spans as OTLP over HTTP has them in JSON (OpenTelemetry protocol 1.x: ids in hex, times and integers as text).
struct SpanDocument {
  let spans: [TraceSpan]
  let service: String
  /// Tells this relay from others of the same service.
  let instance: String
  let version: String

  var json: JSON {
    [
      "resourceSpans": [
        [
          "resource": [
            "attributes": .array([
              Self.attribute("service.name", .text(service)),
              Self.attribute("service.version", .text(version)),
              Self.attribute("service.instance.id", .text(instance)),
            ])
          ],
          "scopeSpans": [
            [
              "scope": ["name": "petrel", "version": .string(version)],
              "spans": .array(spans.map(Self.span)),
            ]
          ],
        ]
      ]
    ]
  }

  private static func span(_ span: TraceSpan) -> JSON {
    var object: [(String, JSON)] = [
      ("traceId", .string(span.context.trace.text)), ("spanId", .string(span.context.span.hexText)),
    ]
    if let parent = span.parent { object.append(("parentSpanId", .string(parent.hexText))) }
    let began = span.began.milliseconds * 1_000_000
    object += [
      ("flags", JSON(span.context.isSampled ? 1 : 0)), ("name", .string(span.name)),
      ("kind", JSON(span.kind.rawValue)), ("startTimeUnixNano", .string("\(began)")),
      ("endTimeUnixNano", .string("\(began + span.took.nanoseconds)")),
      ("attributes", .array(span.attributes.map { attribute($0.name, $0.value) })),
    ]
    if let link = span.link {
      object.append(
        ("links", [["traceId": .string(link.trace.text), "spanId": .string(link.span.hexText)]]))
    }
    // 2 is an error; one without is left unset, as the conventions ask of instrumentation.
    if let error = span.error { object.append(("status", ["code": 2, "message": .string(error)])) }
    return .object(JSONObject(object))
  }

  private static func attribute(_ name: String, _ value: TraceSpan.Value) -> JSON {
    let written: JSON =
      switch value {
      case .text(let text): ["stringValue": .string(text)]
      case .number(let number): ["intValue": .string("\(number)")]
      }
    return ["key": .string(name), "value": written]
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
