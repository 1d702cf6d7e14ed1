//! Reading one letter: bytes → drawing process → references → verdicts → ledger.
