/// Who stands on which floor. Imports go down; stages do not see each other.
enum Floors {
  static let floorOf: [String: Int] = [
    "RelayModel": 1, "RelayDocuments": 2, "RelayCrypto": 2, "RelayExpressions": 3, "RelayThreads": 3,
    "RelayStore": 4, "RelayHTTP": 4, "RelaySandbox": 4,
    "RelaySignatures": 5, "RelayWorkflow": 5, "RelayIntegrations": 5,
    "RelayIngress": 6, "RelayEngine": 6, "RelayUpstream": 6, "RelayAdmin": 6,
    "RelayService": 7, "petrel": 8,
  ]

  static func offences(in file: SourceFile) -> [String] {
    guard let module = file.module, let floor = floorOf[module] else { return [] }
    return file.imports.compactMap { imported in
      guard let other = floorOf[imported], other >= floor else { return nil }
      return "\(file.path): \(module) imports \(imported), which does not stand below it"
    }
  }

  /// The C libraries that more than one module imports; the kernel's headers may have several.
  static func sharedLibraries(in files: [SourceFile]) -> [String] {
    var importers: [String: Set<String>] = [:]
    for file in files {
      guard let module = file.module, floorOf[module] != nil else { continue }
      for imported in file.imports where imported.hasPrefix("C") && imported != "CLinux" {
        importers[imported, default: []].insert(module)
      }
    }
    return importers.filter { $0.value.count > 1 }.map { library, modules in
      "\(library) is imported by \(modules.sorted().joined(separator: ", "))"
    }
  }
}
