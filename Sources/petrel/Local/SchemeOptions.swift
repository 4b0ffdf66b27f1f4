internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelayService
internal import RelaySignatures

/// Whose signature, and with which keys: for `verify` and `sign`, which need no configuration.
struct SchemeOptions: ParsableArguments {
  @Option(name: .long, help: "The provider's preset: github, stripe, …")
  var provider: String?

  /// A secret may begin with a dash, and is no option for that.
  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: "The secret, or env:NAME or file:PATH; several are tried in turn.")
  var secret: [String] = []

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: "The public key of an asymmetric scheme: its text, or file:PATH.")
  var publicKey: [String] = []

  @Option(name: .long, help: "A whole `verify:` as JSON, in place of the others.")
  var verifyJson: String?

  /// Not `validate`: `verify --jsonl` needs none of them.
  func check() throws {
    if verifyJson == nil, provider == nil { throw ValidationError("Give --provider, or --verify-json.") }
    if verifyJson != nil, provider != nil || !secret.isEmpty || !publicKey.isEmpty {
      throw ValidationError("--verify-json stands in place of --provider, --secret and --public-key.")
    }
  }

  func configuration() throws(CommandFailure) -> VerifyConfiguration {
    let secrets = OperatorSecrets(environment: Environment.variables, vault: nil)
    do throws(SignatureError) {
      return try VerifyConfiguration(try value()) { _, text throws(SecretError) in
        guard let reference = SecretReference(text) else { return Array(text.utf8) }
        return try secrets.secret(reference)
      }
    } catch {
      throw CommandFailure(signature: error)
    }
  }

  private func value() throws(SignatureError) -> JSON {
    if let verifyJson {
      do throws(JSONError) {
        return try JSON.parse(text: verifyJson)
      } catch {
        throw .configuration(member: "--verify-json", why: "is no JSON: \(error)")
      }
    }
    var object = JSONObject([("provider", JSON(provider))])
    if !secret.isEmpty { object["secret"] = .array(secret.map { .string($0) }) }
    if !publicKey.isEmpty { object["public_key"] = .array(publicKey.map { .string($0) }) }
    return .object(object)
  }
}

extension CommandFailure {
  init(signature error: SignatureError) {
    if case .unknownProvider(let name, let suggestion) = error {
      self.init(
        .badInput, "\(name) is no provider that is known",
        hints: suggestion.map { ["Did you mean \($0)?"] } ?? [])
    } else {
      self.init(.badInput, "\(error)")
    }
  }
}

/// The request of `verify` and `sign`.
struct RequestOptions: ParsableArguments {
  @Option(name: .long, help: "The request's method.")
  var method = "POST"

  @Option(name: .long, help: "The URL that the sender called; some schemes sign it.")
  var url = "http://localhost/"

  @Option(name: .long, help: "The file of the body; - is stdin.", completion: .file())
  var bodyFile: String?

  @Option(name: .long, help: "What the clock says, in seconds since 1970.")
  var at: Int?

  func instant() -> Timestamp { at.map { Timestamp(seconds: Int64($0)) } ?? SystemTime().now() }

  func body() throws(CommandFailure) -> [UInt8] {
    guard let bodyFile else { return [] }
    return try InputFile.read(bodyFile)
  }
}

/// A file that a person named.
enum InputFile {
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    do throws(LocalFile.Failure) {
      return try LocalFile.read(path)
    } catch {
      throw CommandFailure(error.isMissing ? .badInput : .io, "\(error)")
    }
  }
}

/// `Name: value` as curl takes it.
enum HeaderArgument {
  static func fields(_ arguments: [String]) throws(CommandFailure) -> HeaderFields {
    var fields = HeaderFields()
    for argument in arguments {
      guard let colon = argument.firstIndex(of: ":"), colon != argument.startIndex else {
        throw CommandFailure(.badInput, "a header is written 'Name: value'")
      }
      fields.append(String(argument[..<colon]), argument[argument.index(after: colon)...].trimmingBlanks)
    }
    return fields
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
