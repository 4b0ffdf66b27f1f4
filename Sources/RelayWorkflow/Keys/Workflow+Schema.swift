package import RelayDocuments

extension Workflow {
  /// The JSON Schema of documents: of the keys that documents are read by. What a key's value means, and
  /// whether it makes sense beside the others, only reading tells. A null that reads as absent is none of
  /// its values.
  package static var schema: JSON {
    WorkflowKeys.shape.document(id: "urn:petrel:schema:workflow", title: "Petrel workflow")
  }
}
