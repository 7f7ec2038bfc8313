//! Where everything stands: a report on pages, and the tree that says what each piece of text is.

use super::type_face::Face;
use super::{Block, Paper, Row, Table};

/// A4 on its side, in points: tables of digests are wide.
pub(super) const PAGE: (f32, f32) = (841.89, 595.28);
const MARGIN: f32 = 42.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const BOTTOM: f32 = PAGE.1 - MARGIN;
const LEADING: f32 = 1.35;
const BODY: f32 = 9.5;
const CELL: f32 = 7.5;
const SMALL: f32 = 7.5;
const PAD: f32 = 2.5;

/// Something on a page.
pub(super) enum Mark {
    /// A line of text from its base line's beginning; with a leaf it is content, without one it is furniture.
    Text { x: f32, y: f32, size: f32, bold: bool, text: String, leaf: Option<usize> },
    /// A filled box, furniture: a line between rows, or what stands behind one.
    Fill { x: f32, y: f32, width: f32, height: f32, grey: f32 },
}

/// What a group of the tree is.
#[derive(Clone, Copy)]
pub(super) enum Tag {
    /// A part in this language.
    Part(&'static str),
    Heading(u8),
    Paragraph,
    List,
    Item,
    Bullet,
    ItemBody,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// A child in the tree.
pub(super) enum Child {
    Group(usize),
    Leaf(usize),
}

/// A heading in the outline: level, text, page, height on it.
pub(super) type Place = (u8, String, usize, f32);

/// A report on pages.
pub(super) struct Sheets {
    pub(super) pages: Vec<Vec<Mark>>,
    /// Groups of the tree, each with what it holds; the first are the parts.
    pub(super) groups: Vec<(Tag, Vec<Child>)>,
    pub(super) roots: Vec<usize>,
    pub(super) leaves: usize,
    pub(super) outline: Vec<Place>,
    y: f32,
}

/// Letters of one kind.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
}

/// The two faces.
pub(super) struct Faces {
    pub(super) regular: Face,
    pub(super) bold: Face,
}

impl Faces {
    pub(super) const fn of(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

pub(super) fn set(paper: &Paper, faces: &Faces) -> Sheets {
    let mut sheets =
        Sheets { pages: Vec::new(), groups: Vec::new(), roots: Vec::new(), leaves: 0, outline: Vec::new(), y: 0.0 };
    for part in &paper.parts {
        sheets.turn();
        let root = sheets.group(None, Tag::Part(part.language));
        for block in &part.blocks {
            sheets.block(faces, root, block);
        }
    }
    let (count, title) = (sheets.pages.len(), faces.regular.showable(&paper.title));
    for (page, number) in sheets.pages.iter_mut().zip(1..) {
        let text = format!("{title} · {number} / {count}");
        page.push(Mark::Text { x: MARGIN, y: PAGE.1 - MARGIN / 2.0, size: SMALL, bold: false, text, leaf: None });
    }
    sheets
}

impl Sheets {
    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    /// Turns the page if so much does not fit any more.
    fn ensure(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.turn();
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn group(&mut self, parent: Option<usize>, tag: Tag) -> usize {
        let number = self.groups.len();
        self.groups.push((tag, Vec::new()));
        match parent.and_then(|parent| self.groups.get_mut(parent)) {
            Some((_, children)) => children.push(Child::Group(number)),
            None => self.roots.push(number),
        }
        number
    }

    fn leaf(&mut self, group: usize) -> usize {
        let leaf = self.leaves;
        self.leaves += 1;
        if let Some((_, children)) = self.groups.get_mut(group) {
            children.push(Child::Leaf(leaf));
        }
        leaf
    }

    /// A line at the present height, which stays.
    fn line(&mut self, group: usize, style: Style, x: f32, text: String) {
        let leaf = Some(self.leaf(group));
        self.mark(Mark::Text { x, y: self.y + style.size, size: style.size, bold: style.bold, text, leaf });
    }

    fn paragraph(&mut self, faces: &Faces, group: usize, style: Style, indent: f32, text: &str) {
        for line in faces.of(style.bold).lines(text, style.size, WIDTH - indent) {
            self.ensure(style.size * LEADING);
            self.line(group, style, MARGIN + indent, line);
            self.y += style.size * LEADING;
        }
    }

    fn block(&mut self, faces: &Faces, root: usize, block: &Block) {
        match block {
            Block::Heading(level, text) => {
                let size = [17.0, 13.0, 10.5][usize::from(*level - 1).min(2)];
                self.y += size * 0.6;
                // Not alone at the foot of a page.
                self.ensure(size * LEADING + 4.0 * BODY * LEADING);
                self.outline.push((*level, text.clone(), self.pages.len() - 1, self.y));
                let group = self.group(Some(root), Tag::Heading(*level));
                self.paragraph(faces, group, Style { size, bold: true }, 0.0, text);
                self.y += size * 0.3;
            }
            Block::Text(text) | Block::Small(text) => {
                let size = if matches!(block, Block::Text(_)) { BODY } else { SMALL };
                let group = self.group(Some(root), Tag::Paragraph);
                self.paragraph(faces, group, Style { size, bold: false }, 0.0, text);
                self.y += size * 0.5;
            }
            Block::List(items) => {
                let list = self.group(Some(root), Tag::List);
                let style = Style { size: BODY, bold: false };
                for item in items {
                    let entry = self.group(Some(list), Tag::Item);
                    self.ensure(BODY * LEADING);
                    let bullet = self.group(Some(entry), Tag::Bullet);
                    self.line(bullet, style, MARGIN + 4.0, "• ".to_owned());
                    let body = self.group(Some(entry), Tag::ItemBody);
                    self.paragraph(faces, body, style, 14.0, item);
                }
                self.y += BODY * 0.5;
            }
            Block::Table(table) => self.table(faces, root, table),
        }
    }

    fn table(&mut self, faces: &Faces, root: usize, table: &Table) {
        let widths = widths(faces, table);
        let group = self.group(Some(root), Tag::Table);
        let head = Line::new(faces, &widths, &Row { cells: table.columns.clone(), unknown: false }, Kind::Heads);
        let kind = if table.columns.is_empty() { Kind::Fact } else { Kind::Plain };
        if kind == Kind::Plain {
            self.ensure(4.0 * CELL * LEADING);
            self.row(&widths, &head, Some(group));
        }
        for row in &table.rows {
            let line = Line::new(faces, &widths, row, kind);
            if self.y + line.height() > BOTTOM && kind == Kind::Plain {
                self.turn();
                self.row(&widths, &head, None);
            }
            self.row(&widths, &line, Some(group));
        }
        self.y += BODY;
    }

    /// A row, cell by cell in reading order; one that no page could hold goes on over the next. Without a table it is furniture:
    /// heads repeated.
    fn row(&mut self, widths: &[f32], row: &Line, table: Option<usize>) {
        let group = table.map(|table| self.group(Some(table), Tag::Row));
        let tag = |at: usize| match row.kind {
            Kind::Heads => Tag::ColumnHead,
            Kind::Fact if at == 0 => Tag::RowHead,
            Kind::Fact | Kind::Plain => Tag::Cell,
        };
        let groups: Vec<Option<usize>> =
            (0..row.cells.len()).map(|at| group.map(|group| self.group(Some(group), tag(at)))).collect();
        self.ensure(row.height().min(BOTTOM - MARGIN - 4.0 * CELL * LEADING));
        let (most, mut done) = (row.lines(), 0);
        while done < most {
            let room = ((BOTTOM - self.y - 2.0 * PAD) / (CELL * LEADING)).max(1.0) as usize;
            let count = room.min(most - done);
            let height = count as f32 * CELL * LEADING + 2.0 * PAD;
            if let Some(grey) = row.grey {
                self.mark(Mark::Fill { x: MARGIN, y: self.y, width: WIDTH, height, grey });
            }
            let (top, mut x) = (self.y, MARGIN);
            for (((lines, width), cell), at) in row.cells.iter().zip(widths).zip(&groups).zip(0..) {
                for (text, number) in lines.iter().skip(done).take(count).cloned().zip(0_u16..) {
                    let y = top + PAD + f32::from(number) * CELL * LEADING + CELL;
                    let leaf = cell.map(|cell| self.leaf(cell));
                    self.mark(Mark::Text { x: x + PAD, y, size: CELL, bold: row.kind.bold(at), text, leaf });
                }
                x += width;
            }
            self.y = top + height;
            self.mark(Mark::Fill { x: MARGIN, y: self.y, width: WIDTH, height: 0.4, grey: 0.6 });
            done += count;
            if done < most {
                self.turn();
            }
        }
    }
}

/// What a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Heads of columns.
    Heads,
    /// A name and what is said of it.
    Fact,
    /// A row under heads.
    Plain,
}

impl Kind {
    const fn bold(self, column: usize) -> bool {
        matches!(self, Self::Heads) || (matches!(self, Self::Fact) && column == 0)
    }
}

/// A row whose cells are cut into lines.
struct Line {
    cells: Vec<Vec<String>>,
    kind: Kind,
    grey: Option<f32>,
}

impl Line {
    fn new(faces: &Faces, widths: &[f32], row: &Row, kind: Kind) -> Self {
        let cells = row.cells.iter().zip(widths).zip(0..);
        let cut = |((cell, width), at): ((&String, &f32), usize)| {
            faces.of(kind.bold(at)).lines(cell, CELL, width - 2.0 * PAD)
        };
        let grey = if kind == Kind::Heads { Some(0.87) } else { row.unknown.then_some(0.94) };
        Self { cells: cells.map(cut).collect(), kind, grey }
    }

    fn lines(&self) -> usize {
        self.cells.iter().map(Vec::len).max().unwrap_or_default()
    }

    fn height(&self) -> f32 {
        self.lines() as f32 * CELL * LEADING + 2.0 * PAD
    }
}

/// Columns that want less than their share get what they want, the others share the rest, and what nobody wants is the last one's.
fn widths(faces: &Faces, table: &Table) -> Vec<f32> {
    const SAMPLE: usize = 200;
    let count = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default().max(table.columns.len());
    let mut wanted = vec![0.0_f32; count];
    let first = table.columns.is_empty();
    let heads = std::iter::once((&table.columns, true));
    for (cells, bold) in heads.chain(table.rows.iter().take(SAMPLE).map(|row| (&row.cells, false))) {
        for ((cell, want), at) in cells.iter().zip(&mut wanted).zip(0..) {
            let face = faces.of(bold || (first && at == 0));
            *want = want.max(face.width(&face.showable(cell), CELL) + 2.0 * PAD + 1.0);
        }
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| wanted[*one].total_cmp(&wanted[*other]));
    let (mut left, mut given) = (WIDTH, vec![0.0; count]);
    for (at, column) in order.iter().enumerate() {
        given[*column] = wanted[*column].min(left / (count - at) as f32);
        left -= given[*column];
    }
    if let Some(last) = given.last_mut() {
        *last += left;
    }
    given
}
