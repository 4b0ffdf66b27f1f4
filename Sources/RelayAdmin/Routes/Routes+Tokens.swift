internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let tokens: [Route] = [
    Route(
      .get, "/api/tokens", role: .admin, "tokens", "listTokens", "The tokens, without their secrets",
      answer: .json(200, .page("Token")), action: listTokens),
    Route(
      .post, "/api/tokens", role: .admin, "tokens", "createToken", "Make a token; it is shown this once",
      body: .object([
        .init("role", .choice(Role.allCases.map(\.rawValue))), .init("name", .text(), required: false),
      ]), answer: .json(201, .named("Token")), action: createToken),
    Route(
      .delete, "/api/tokens/{id}", role: .admin, "tokens", "revokeToken", "Revoke a token at once",
      answer: .nothing, action: revokeToken),
  ]

  private static func listTokens(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let tokens = try call.read { (snapshot) throws(StoreError) in try snapshot.tokens() }
    return .page(tokens.map(tokenView), next: nil)
  }

  private static func createToken(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let object = try call.object("role", "name")
    guard let role = object["role"]?.string.flatMap(Role.init(rawValue:)) else {
      throw .invalid("role must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    let token: AccessToken
    do throws(CryptoError) {
      token = try AccessToken.draw()
    } catch {
      throw AdminProblem(503, "unavailable", "No token can be made at present: \(error).")
    }
    let name = try call.resourceName(object["name"]?.string ?? role.rawValue)
    let record = TokenRecord(
      id: token.id, name: name, role: role.rawValue, hash: token.hash, createdAt: call.now)
    try call.perform(PutToken(token: record))
    call.services.tokens.add(record)
    call.audit("token.create", token.id, "\(role.rawValue) \(name)")
    var view = tokenView(record).object ?? JSONObject()
    view["token"] = .string(token.text)
    return .json(.object(view), status: 201)
  }

  private static func revokeToken(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let id = call.path["id"] ?? ""
    guard try call.perform(RevokeToken(id: id)) else {
      throw .notFound("There is no token \(id.prefix(64)).")
    }
    call.services.tokens.remove(id)
    call.audit("token.revoke", id)
    return .nothing
  }

  private static func tokenView(_ record: TokenRecord) -> JSON {
    [
      "id": .string(record.id), "name": .string(record.name), "role": .string(record.role),
      "created_at": JSON(record.createdAt),
    ]
  }
}
