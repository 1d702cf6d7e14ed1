//! Where the cells of a table lie (HTML 4.9.12): no more columns and rows for a cell
//! than are free. The engine would put a cell elsewhere that asks for more.

use super::tree::{NodeId, Tree};

/// Columns that are looked at.
const MAX_COLUMNS: usize = 1_000;

/// Rows one cell may reach down.
const MAX_ROWS: u32 = 200;

/// A table as far as it is written.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// For each column the row from which on it is free again.
    free: Vec<u32>,
    row: u32,
    column: usize,
}

impl Grid {
    /// A row begins.
    pub fn row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    /// A group of rows begins: no cell reaches into it.
    pub fn group(&mut self) {
        self.free.clear();
    }

    /// The next cell of the row, which asks for so many columns: how many it gets.
    pub fn cell(&mut self, asked: u32, rows: u32) -> u32 {
        let row = self.row;
        let taken = |free: &[u32], at: usize| free.get(at).is_some_and(|until| *until > row);
        while taken(&self.free, self.column) {
            self.column += 1;
        }
        let from = self.column;
        let mut columns = 1;
        while columns < asked && !taken(&self.free, from + columns as usize) {
            columns += 1;
        }
        let to = (from + columns as usize).min(MAX_COLUMNS);
        if self.free.len() < to {
            self.free.resize(to, 0);
        }
        if let Some(free) = self.free.get_mut(from..to) {
            free.fill(row.saturating_add(rows));
        }
        self.column = to.max(from);
        columns
    }
}

/// The rows of a cell that asks for so many, 0 for all: those its group has.
pub(super) fn rows(tree: &Tree, cell: NodeId, asked: u32) -> u32 {
    let asked = if asked == 0 { MAX_ROWS } else { asked };
    let mut rows = 1;
    let mut at = tree.get(cell).and_then(|node| node.parent);
    // What stands between rows counts a little, too.
    for _ in 0..4 * MAX_ROWS {
        let Some(node) = at.and_then(|id| tree.get(id)).filter(|_| rows < asked) else { break };
        at = node.next;
        let next = at.and_then(|id| tree.get(id)).and_then(|node| node.html_name());
        rows += u32::from(next == Some("tr"));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn a_cell_gets_the_columns_that_are_free() {
        let mut grid = Grid::default();
        grid.row();
        assert_eq!((grid.cell(1, 2), grid.cell(2, 1), grid.cell(1, 2)), (1, 2, 1));
        grid.row();
        // Between the first and the last column of the row above two are free.
        assert_eq!(grid.cell(5, 1), 2);
        grid.row();
        assert_eq!(grid.cell(5, 1), 5);
    }
}
