internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayStore

extension Routes {
  static let secrets: [Route] = [
    Route(
      .get, "/api/secrets", role: .admin, "secrets", "listSecrets", "The vault's names; never its values",
      answer: .json(200, .page("Secret")), action: listSecrets),
    Route(
      .put, "/api/secrets/{name}", role: .admin, "secrets", "setSecret", "Keep a value, sealed",
      body: .object([
        .init("value", .text(), required: false),
        .init("value_base64", .text(), "For bytes that are no text.", required: false),
      ]), answer: .nothing, action: setSecret),
    Route(
      .delete, "/api/secrets/{name}", role: .admin, "secrets", "deleteSecret", "Forget a value",
      answer: .nothing, action: deleteSecret),
  ]

  private static func listSecrets(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let secrets = try call.ask { (control) throws(ControlError) in try control.vault.list() }
    return .page(
      secrets.map { ["name": .string($0.name), "updated_at": JSON($0.updatedAt)] }, next: nil)
  }

  private static func setSecret(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let name = try call.resourceName(call.path["name"])
    let object = try call.object("value", "value_base64")
    let value = try secretValue(object)
    guard !value.isEmpty else { throw .invalid("A secret is not empty.") }
    try call.ask { (control) throws(ControlError) in try control.vault.set(name, value) }
    call.audit("secret.set", name)
    return .nothing
  }

  private static func secretValue(_ object: JSONObject) throws(AdminProblem) -> [UInt8] {
    switch (object["value"]?.string, object["value_base64"]?.string) {
    case (let text?, nil): return Array(text.utf8)
    case (nil, let base64?):
      guard let bytes = Base64.standard.decode(Array(base64.utf8)) else {
        throw .invalid("value_base64 is no base64.")
      }
      return bytes
    default: throw .invalid("Give value or value_base64.")
    }
  }

  private static func deleteSecret(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let name = try call.resourceName(call.path["name"])
    let existed = try call.ask { (control) throws(ControlError) in try control.vault.delete(name) }
    guard existed else { throw .notFound("The vault has no secret \(name).") }
    call.audit("secret.delete", name)
    return .nothing
  }
}
