internal import RelayDocuments
internal import RelayModel

/// The keys of a hook.
enum HookKeys {
  /// Of the hook itself.
  static let name = WordForm(
    first: "a-z0-9", rest: "a-z0-9_-", "is no name of a hook; names are [a-z0-9][a-z0-9_-]{0,63}")

  static let verify = Key(
    "verify", VerifyForm(), required: true, "How genuine requests are told; none takes every request.")
  static let isEnabled = Setting("enabled", .flag, default: true, "false answers as if it were not there.")
  static let allowsShortSecret = Setting(
    "short_secret", .flag, default: false, "Takes secrets of less than 16 bytes.")
  static let body = Key(
    "body", .size(in: ByteCount(1)...ByteCount.gibibytes(2)), "The largest body; limits.body.")
  static let url = Key("url", .baseURL, "What the provider calls, where it is not public_url and the path.")
  static let dedupe = Key("dedupe", DedupeKeys.shape, "What makes two deliveries the same.")
  static let rateLimit = Key("rate_limit", RateForm(), "Requests it takes, such as 100/s; beyond it 429.")
  static let answer = Key("answer", AnswerKeys.shape, "The accepted answer, where a sender insists on one.")
  static let respond = Key("respond", HookRespondKeys.shape, "Waits for a workflow's respond step.")

  static let shape = Shape(
    named: "hook", [verify, isEnabled, allowsShortSecret, body, url, dedupe, rateLimit, answer, respond])
}

/// The keys of `verify` that are not a signature scheme's.
enum VerifyKeys {
  static let secret = Key("secret", SecretsForm(), "What requests are signed with; any of a list.")
  static let verifyToken = Key("verify_token", SecretsForm(), "What a handshake compares.")
  static let allowsShortSecret = Key("short_secret", .flag, "Takes secrets of less than 16 bytes.")

  static let shape = Shape([secret, verifyToken, allowsShortSecret], isOpen: true)
}

/// The keys of `dedupe`.
enum DedupeKeys {
  static let key = Key("key", .text, "An expression over `event`; the preset's where it is left out.")
  static let window = Setting(
    "window", .duration(in: .seconds(1) ... .seconds(90 * 86_400)), default: Hook.Dedupe().window,
    "How long a delivery is remembered.")

  static let shape = Shape([key, window])
}

/// The keys of `answer`.
enum AnswerKeys {
  static let status = Setting("status", .integer(in: 200...299), default: Hook.Answer().status, "The status.")
  static let body = Key("body", .text, "Sent in place of the ids.")
  static let contentType = Key("content_type", .text, "Of the body.")

  static let shape = Shape([status, body, contentType])
}

/// The keys of a hook's `respond`.
enum HookRespondKeys {
  static let timeout = Setting(
    "timeout", .duration(in: .milliseconds(100) ... .seconds(60)), default: .seconds(10),
    "After that the sender gets the ordinary 202.")

  static let shape = Shape([timeout])
}
