internal import RelayDocuments
internal import RelayWorkflow

/// The JSON Schemas that editors take. Each is made from the keys that the relay itself reads by, and lies in
/// `config/schema` as well, which a test compares.
package enum PublishedSchema {
  case workflow

  package var text: String {
    switch self {
    case .workflow: Workflow.schema.prettyText
    }
  }
}
