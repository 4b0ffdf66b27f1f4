import RelayDocuments
import RelayHTTP
import Testing

@Suite struct HTTPResponseTests {
  @Test func `a problem is a document with its code, and says when to try again`() throws {
    let response = HTTPResponse.problem(
      status: 429, code: "rate_limited", title: "Too many requests", detail: "100 a second at most",
      retryAfter: 3)
    #expect(response.status == 429)
    #expect(
      response.fields == [
        .init("Content-Type", "application/problem+json"), .init("Retry-After", "3"),
      ])
    let document = try JSON.parse(response.body)
    #expect(document["type"]?.string == "urn:petrel:problem:rate_limited")
    #expect(document["status"]?.int == 429)
    #expect(document["code"]?.string == "rate_limited")
    #expect(document["detail"]?.string == "100 a second at most")
  }

  @Test(arguments: [429, 503])
  func `a refusal that passes always says when to try again`(status: Int) {
    let response = HTTPResponse.problem(status: status, code: "busy", title: "Busy")
    #expect(response.fields.contains(.init("Retry-After", "1")))
  }

  @Test func `a refusal that stands says nothing of another try, and no detail it does not have`() throws {
    let response = HTTPResponse.problem(status: 404, code: "unknown_source", title: "No such hook")
    #expect(!response.fields.contains { $0.name == "Retry-After" })
    #expect(try JSON.parse(response.body)["detail"] == nil)
  }
}
