internal import RelayDocuments
internal import RelayWorkflow

/// The JSON Schemas that editors take. Each is made from the keys that the relay itself reads by, and lies in
/// `config/schema` as well, which a test compares.
package enum PublishedSchema: CaseIterable, Sendable {
  case workflow
  case configuration

  /// What it is called in `config/schema`.
  package var fileName: String {
    switch self {
    case .workflow: "workflow.schema.json"
    case .configuration: "petrel.schema.json"
    }
  }

  package var text: String {
    switch self {
    case .workflow: Workflow.schema.prettyText
    case .configuration: Configuration.schema.prettyText
    }
  }
}
