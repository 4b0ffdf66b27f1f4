internal import RelayCrypto
internal import RelayHTTP
internal import RelayModel
internal import RelayStore

/// Tells who asks. Any thread; never blocks.
struct Authenticator: Sendable {
  let access: AdminAccess
  let tokens: TokenBook
  let throttle: FailureThrottle

  /// The caller of a request with this head, at least of `role`; or the answer that refuses it.
  func caller(
    headers: HeaderFields, client: String, atLeast role: Role
  ) -> Result<Caller, Denial> {
    switch access.authentication {
    case .peer: .success(Caller(role: .admin, name: "local"))
    case .none: .success(Caller(role: .admin, name: "anonymous"))
    case .token: bearer(headers, client: client, atLeast: role)
    }
  }

  private func bearer(
    _ headers: HeaderFields, client: String, atLeast role: Role
  ) -> Result<Caller, Denial> {
    guard let presented = Self.presented(headers) else { return .failure(.missing) }
    let record: TokenRecord?
    do throws(CryptoError) {
      record = try AccessToken(presented: presented).flatMap(tokens.record(of:))
    } catch {
      return .failure(.unjudged)
    }
    guard let record, let granted = Role(rawValue: record.role) else { return .failure(failure(of: client)) }
    guard granted >= role else { return .failure(.role(granted, needed: role)) }
    return .success(Caller(role: granted, name: record.name))
  }

  /// A token of 190 bits is not guessed. The throttle keeps whoever tries from costing much; it must not lock
  /// out a sound token that comes from the same address.
  private func failure(of client: String) -> Denial {
    if let delay = throttle.delay(of: client) { return .tooManyFailures(seconds: delay) }
    throttle.recordFailure(of: client)
    return .unknown
  }

  /// What stands behind `Bearer`, whose case does not matter (RFC 9110, 11.1).
  private static func presented(_ headers: HeaderFields) -> Substring? {
    guard headers.occurrences("Authorization") == 1, let value = headers.first("Authorization") else {
      return nil
    }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].drop { $0 == " " }
  }
}

/// Why a caller is refused.
enum Denial: Error, Sendable, Equatable {
  case missing
  case unknown
  case role(Role, needed: Role)
  case tooManyFailures(seconds: Int)
  /// The machine refused to compute a digest.
  case unjudged

  var response: HTTPResponse {
    switch self {
    case .missing:
      .refusal(
        401, "token_missing", "Send `Authorization: Bearer TOKEN`; `petrel tokens create` makes one.",
        fields: [HTTPResponse.Field("WWW-Authenticate", "Bearer")])
    case .unknown:
      .refusal(
        401, "token_unknown", "The token is not one of this relay's, or it was revoked.",
        fields: [HTTPResponse.Field("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
    case .role(let granted, let needed):
      .refusal(
        403, "role_insufficient", "The token's role is \(granted.rawValue); this takes \(needed.rawValue).")
    case .tooManyFailures(let seconds):
      .refusal(
        429, "too_many_failures", "Too many unknown tokens came from this address.", retryAfter: seconds)
    case .unjudged:
      .refusal(503, "unavailable", "The token cannot be judged at present.")
    }
  }
}
