internal import RelayDocuments
internal import RelayModel
internal import RelayStore

/// A summary that central holds for unacceptable: it counts as acknowledged, and is shown.
package struct RejectedSummary: Sendable, Hashable {
  package let id: String
  package let reason: String
}

/// Central's answer, read.
struct UpstreamReply {
  let answer: UpstreamAnswer
  let rejected: [RejectedSummary]

  init(_ answer: UpstreamAnswer, rejected: [RejectedSummary] = []) {
    self.answer = answer
    self.rejected = rejected
  }

  /// Reads status, `Retry-After` and body. Everything that is not one of the agreed answers is a
  /// failure with a sentence.
  init(status: Int, headers: HeaderFields, body: [UInt8], now: Timestamp) {
    switch status {
    case 200: self.init(acknowledgement: body)
    case 409: self.init(Self.wanted(body))
    case 413: self.init(.tooLarge)
    case 429, 503:
      self.init(.unavailable(retryAfter: headers.first("Retry-After").flatMap { Self.retryAfter($0, now) }))
    case 401, 403:
      self.init(.failed("central refuses the token (HTTP \(status)): set upstream.token to a valid one"))
    default: self.init(.failed("central answered HTTP \(status)"))
    }
  }

  private init(acknowledgement body: [UInt8]) {
    guard case .object(let reply)? = Self.parse(body), let acked = Self.seq(reply["acked_seq"]) else {
      self.init(.failed("central answered 200 without acked_seq: is upstream.url a central server?"))
      return
    }
    let rejected = (reply["rejected"]?.array ?? []).map {
      RejectedSummary(
        id: Self.short($0["id"]?.string ?? ""), reason: Self.short($0["reason"]?.string ?? ""))
    }
    let interval = min(max(reply["min_interval_ms"]?.int ?? 0, 0), 3_600_000)
    self.init(
      .acknowledged(
        ackedSeq: acked, nextBatch: reply["next_batch"]?.int, minInterval: .milliseconds(interval)),
      rejected: rejected)
  }

  /// The answer to `batch`, where what is rejected counts as acknowledged.
  func counted(in batch: Batch, _ writer: CloudEventWriter) -> UpstreamAnswer {
    guard case .acknowledged(let acked, let nextBatch, let interval) = answer, !rejected.isEmpty else {
      return answer
    }
    let ids = Set(rejected.map(\.id))
    let held = batch.acknowledged(upTo: acked) { entry in
      let own = writer.ids(entry)
      return !own.isEmpty && own.allSatisfy(ids.contains)
    }
    return .acknowledged(ackedSeq: held, nextBatch: nextBatch, minInterval: interval)
  }

  /// What is shown and logged of central's text.
  private static func short(_ text: String) -> String { String(text.prefix(200)) }

  private static func wanted(_ body: [UInt8]) -> UpstreamAnswer {
    guard case .object(let reply)? = parse(body), let wanted = seq(reply["wanted_seq"]) else {
      return .failed("central answered 409 without wanted_seq")
    }
    return .wanted(wanted)
  }

  private static func parse(_ body: [UInt8]) -> JSON? {
    do { return try JSON.parse(body) } catch { return nil }
  }

  private static func seq(_ value: JSON?) -> UInt64? {
    if case .number(let number)? = value { UInt64(number.text) } else { nil }
  }

  private static func retryAfter(_ text: String, _ now: Timestamp) -> Duration? {
    RetryAfter.delay(text, now: now)
  }
}
