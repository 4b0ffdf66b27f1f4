/// An answer as the responder gives it. `Date`, `Content-Length` and the connection's own fields are
/// added on the way out.
package struct HTTPResponse: Sendable {
  package struct Field: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// 200…599.
  package var status: Int
  /// Names and values as sent: no CR, LF or NUL, and no empty value. One that breaks this turns the whole
  /// answer into a 500.
  package var fields: [Field]
  package var body: [UInt8]
  /// Ends the connection after the answer.
  package var closesConnection = false

  package init(status: Int, fields: [Field] = [], body: [UInt8] = []) {
    precondition((200...599).contains(status), "a final status has three digits, from 200 to 599")
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// An answer with a body of `contentType`.
  package init(status: Int, contentType: String, fields: [Field] = [], body: [UInt8]) {
    self.init(status: status, fields: [Field("Content-Type", contentType)] + fields, body: body)
  }
}
