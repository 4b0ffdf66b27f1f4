internal import RelayDocuments

/// The keys of `traces`.
enum TraceKeys {
  static let url = Key("url", .baseURL, required: true, "A collector's, whole: OTLP over HTTP, in JSON.")
  static let headers = Key(
    "headers", .members(of: SecretsForm()), "References to secrets, by the name of a header field.")
  static let ratio = Setting(
    "ratio", .number(in: 0...1), default: 1, "The part of the traces that begin here that is recorded.")
  static let service = Setting("service", .path, default: "petrel", "The name that the relay goes by.")

  static let shape = Shape([url, headers, ratio, service])
}
