/// Whether LMDB may be let near a data file. It trusts its pages: a damaged one makes it read or write
/// beyond them, and the process dies by a signal. So every page is looked at before, within a bound that
/// keeps a start fast; `doctor` looks at all of them.
package enum StructureCheck {
  /// Leaves looked at on a start: 128 MiB of records. All branches are, whatever the size.
  static let leavesAtStart = 32_768

  /// What is wrong with the pages of a data file, at most `CheckReport`'s bound of findings.
  package static func check(directory: String) -> [Finding] {
    findings(in: directory, leaves: .max)
  }

  /// Throws `unusable` where a page is damaged.
  static func checkAtStart(_ directory: String) throws(StoreError) {
    guard let first = findings(in: directory, leaves: leavesAtStart).first else { return }
    throw .unusable(
      path: directory, why: "\(first.key) of its data file is damaged (\(first.what)). \(first.fix)")
  }

  private static func findings(in directory: String, leaves: Int) -> [Finding] {
    let damage: [PageDamage]
    do throws(PageDamage) {
      var walk = TreeWalk(try PageFile.open("\(directory)/\(Environment.fileName)"), leaves: leaves)
      walk.walkAll()
      damage = walk.damage
    } catch {
      damage = [error]
    }
    return damage.prefix(CheckReport.bound).map { damage in
      Finding(
        database: Environment.fileName, key: "page \(damage.page)", what: damage.what,
        fix:
          "Restore a backup with `petrel restore`, or save what can be read with `petrel compact --offline`")
    }
  }
}
