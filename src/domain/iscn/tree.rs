//! What a text says, as a tree. A tree can only hold what the grammar allows; what is not understood is an `Unknown`
//! node with its text, so that nothing is ever left out.

use std::num::NonZeroU8;

use crate::text_enum;

/// Where a node stands in the text as typed: position from 1, and length. Two trees that say the same are equal wherever
/// they stand, so places are all equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// First character, counted from 1.
    pub position: usize,
    /// Number of characters.
    pub length: usize,
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// The whole text: what stands in it, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Clones, FISH strings, and what is not understood.
    pub items: Vec<Item>,
}

/// One node and what joins it to the node before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What stands before it.
    pub join: Join,
    /// What it is.
    pub node: Node,
}

/// What stands before a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Nothing: it is the first.
    Start,
    /// `/`: another clone.
    Slash,
    /// `//`: the donor's cells.
    Donor,
    /// `.`: another technique on the same cells.
    Stop,
    /// A blank: other text.
    Loose,
}

/// What can stand in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A clone, or the normal cells.
    Clone(Box<Karyotype>),
    /// In situ hybridization.
    Fish(Fish),
    /// Kept as typed.
    Unknown(String),
    /// Nothing, as on the recipient's side of `//46,XX[20]`.
    Nothing,
}

/// A number or a range of numbers, the lower one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// Lowest.
    pub low: u32,
    /// Highest; the same where there is one number.
    pub high: u32,
}

impl Range {
    /// One number.
    pub const fn one(n: u32) -> Self {
        Self { low: n, high: n }
    }
}

/// One clone: `number<level>,sex,changes[cells]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Karyotype {
    /// The whole clone.
    pub at: Place,
    /// `mos` or `chi` before it.
    pub origin: Option<Origin>,
    /// Number of chromosomes.
    pub modal: Option<Range>,
    /// Where the number stands.
    pub modal_at: Place,
    /// Level of ploidy in haploid sets: 3 for `<3n>`.
    pub level: Option<u32>,
    /// What stands before the first comma and is not understood.
    pub unread: String,
    /// The sex chromosomes that are normal.
    pub sex: Option<Sexes>,
    /// Where they stand.
    pub sex_at: Place,
    /// What changed, in the order typed.
    pub changes: Vec<Change>,
    /// Number of cells.
    pub cells: Option<Cells>,
    /// Where the number of cells stands.
    pub cells_at: Place,
}

text_enum! {
    /// Where cells of more than one kind come from.
    pub enum Origin {
        /// One zygote (mosaic).
        Mosaic = "mos",
        /// More than one zygote (chimera).
        Chimera = "chi",
    }
}

/// The sex chromosomes of a clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sexes {
    /// `X` and `Y` only; empty where they are not known (`?`).
    pub letters: String,
    /// Written with `c`: there from birth.
    pub constitutional: bool,
    /// Written with `?`.
    pub doubtful: bool,
}

/// The number of cells of a clone: `[20]` or `[cp20]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cells {
    /// How many.
    pub count: u32,
    /// Put together from cells that differ.
    pub composite: bool,
}

/// One change of a clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub at: Place,
    /// `+` or `-` before it.
    pub sign: Option<Sign>,
    /// `?` before it.
    pub doubtful: bool,
    /// A number before it, as in `2~5mar`.
    pub count: Option<Range>,
    /// What changed.
    pub kind: Kind,
    /// What it may be instead (`or`).
    pub or: Vec<Kind>,
    /// `x2` after it.
    pub times: Option<Range>,
    /// `c` after it: there from birth.
    pub constitutional: bool,
    /// Whom it was inherited from.
    pub inherited: Option<Inherited>,
    /// The cells that have it, in a composite karyotype.
    pub cells: Option<u32>,
}

impl Change {
    /// A change of some kind, with nothing around it.
    pub fn of(kind: Kind) -> Self {
        Self {
            at: Place::default(),
            sign: None,
            doubtful: false,
            count: None,
            kind,
            or: Vec::new(),
            times: None,
            constitutional: false,
            inherited: None,
            cells: None,
        }
    }
}

/// More or less of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// `+`
    Gain,
    /// `-`
    Loss,
}

text_enum! {
    /// Whom a change was inherited from.
    pub enum Inherited {
        /// The mother.
        Maternal = "mat",
        /// The father.
        Paternal = "pat",
        /// Nobody: it is new.
        DeNovo = "dn",
        /// Somebody.
        Inherited = "inh",
    }
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A whole chromosome; it has a sign.
    Whole(Chromosome),
    /// A rearranged chromosome, or several.
    Rearranged(Rearrangement),
    /// A marker, of unknown origin; numbered where several are told apart.
    Marker(Option<u32>),
    /// Double minutes.
    DoubleMinutes,
    /// The changes of another clone.
    Related(Related),
    /// `inc`: there is more that could not be told.
    Incomplete,
    /// Kept as typed.
    Unknown(String),
}

/// Which clone's changes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Related {
    /// `idem`: the stemline's.
    Idem,
    /// `sl`: the stemline's.
    Stemline,
    /// `sdl`, `sdl2`: a sideline's; the one before where it has no number.
    Sideline(Option<u32>),
}

/// A chromosome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chromosome {
    /// X
    X,
    /// Y
    Y,
    /// 1 to 22
    Autosome(NonZeroU8),
    /// `?`
    Unknown,
}

impl Chromosome {
    /// `1` to `22`, `X`, `Y` or `?`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "X" => Some(Self::X),
            "Y" => Some(Self::Y),
            "?" => Some(Self::Unknown),
            _ if text.len() <= 2 && !text.starts_with(['0', '+']) => {
                text.parse::<NonZeroU8>().ok().filter(|n| n.get() <= 22).map(Self::Autosome)
            }
            _ => None,
        }
    }

    /// X or Y.
    pub const fn is_sex(self) -> bool {
        matches!(self, Self::X | Self::Y)
    }
}

text_enum! {
    /// An arm of a chromosome.
    pub enum Arm {
        /// p
        Short = "p",
        /// q
        Long = "q",
    }
}

impl Arm {
    /// `p` or `q`.
    pub const fn letter(self) -> char {
        match self {
            Self::Short => 'p',
            Self::Long => 'q',
        }
    }
}

/// A band, the end of an arm (`ter`), the centromere (`cen`), or something uncertain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The arm; none for `cen` and `?`.
    pub arm: Option<Arm>,
    /// `13`, `13.3`, `ter`; with `?` where something is uncertain.
    pub name: String,
}

/// Where a chromosome broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakpoint {
    /// `?` before it.
    pub doubtful: bool,
    /// The band.
    pub band: Band,
    /// The other end of what is uncertain, or the alternative.
    pub other: Option<(Joint, Band)>,
}

/// How two bands of one uncertain breakpoint are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// `q11~13`: somewhere from one to the other.
    To,
    /// `q11or q13`: one of the two.
    Or,
}

/// A chromosome in the first bracket of a rearrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partner {
    /// Which.
    pub chromosome: Chromosome,
    /// `?` before it.
    pub doubtful: bool,
    /// An arm right behind it, as in the short `del(5q)`.
    pub arm: Option<Arm>,
}

/// What the brackets of a rearrangement say of the breakpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breaks {
    /// Nothing.
    Missing,
    /// One list for each chromosome.
    Bands(Vec<Vec<Breakpoint>>),
    /// The detailed form with arrows, kept as typed.
    Detailed(String),
}

/// A rearrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rearrangement {
    /// Where it stands.
    pub at: Place,
    /// `?` before it, within a derivative chromosome.
    pub doubtful: bool,
    /// A word before the symbol.
    pub modifier: Option<Modifier>,
    /// What kind.
    pub symbol: Symbol,
    /// The chromosomes; none for a ring or a staining region of unknown origin.
    pub chromosomes: Vec<Partner>,
    /// Where the chromosomes stand.
    pub chromosomes_at: Place,
    /// The breakpoints.
    pub breaks: Breaks,
    /// Where the breakpoints stand.
    pub breaks_at: Place,
    /// What a derivative chromosome came from; never itself with parts.
    pub parts: Vec<Rearrangement>,
}

text_enum! {
    /// A word before a symbol.
    pub enum Modifier {
        /// One centromere is silent.
        Pseudo = "psu",
        /// In the same direction.
        Direct = "dir",
        /// Turned round.
        Inverted = "inv",
    }
}

text_enum! {
    /// The kinds of rearrangement.
    pub enum Symbol {
        /// Additional material of unknown origin.
        Add = "add",
        /// Deletion.
        Del = "del",
        /// Derivative chromosome.
        Der = "der",
        /// Dicentric chromosome.
        Dic = "dic",
        /// Duplication.
        Dup = "dup",
        /// Fission at the centromere.
        Fis = "fis",
        /// Fragile site.
        Fra = "fra",
        /// Homogeneously staining region.
        Hsr = "hsr",
        /// Isochromosome.
        I = "i",
        /// Isodicentric chromosome.
        Idic = "idic",
        /// Isoderivative chromosome.
        Ider = "ider",
        /// Insertion.
        Ins = "ins",
        /// Inversion.
        Inv = "inv",
        /// Quadruplication.
        Qdp = "qdp",
        /// Ring chromosome.
        R = "r",
        /// Recombinant chromosome.
        Rec = "rec",
        /// Whole-arm translocation between acrocentric chromosomes.
        Rob = "rob",
        /// Translocation.
        T = "t",
        /// Telomeric association.
        Tas = "tas",
        /// Tricentric chromosome.
        Trc = "trc",
        /// Triplication.
        Trp = "trp",
        /// Uniparental disomy.
        Upd = "upd",
    }
}

/// A FISH string: `nuc ish(...)[200]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fish {
    /// On interphase nuclei (`nuc ish`), not metaphases (`ish`).
    pub nuclei: bool,
    /// It goes on from the string before the slash, without `nuc ish` of its own.
    pub continued: bool,
    /// What was found, by count of cells.
    pub findings: Vec<Hybridization>,
}

/// One part of a FISH string, with its own locus and number of cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hybridization {
    /// Where it stands.
    pub at: Place,
    /// A locus (`13q14.3`) or, on metaphases, the chromosome looked at (`del(22)(q11.2q11.2)`); empty for neither.
    pub target: String,
    /// The brackets with probes.
    pub sets: Vec<ProbeSet>,
    /// The cells.
    pub scored: Option<Scored>,
}

/// One bracket of probes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeSet {
    /// The probes between commas, those of one chromosome together (semicolons part chromosomes).
    pub groups: Vec<Vec<Signal>>,
    /// Copies of each of them, where it is said once for all.
    pub times: Option<Range>,
}

/// A probe, or several seen together or apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// The first probe.
    pub probe: String,
    /// The others.
    pub linked: Vec<(Link, String)>,
    /// How many.
    pub copies: Copies,
}

text_enum! {
    /// How two probes lie.
    pub enum Link {
        /// Together (fused).
        Connected = "con",
        /// Apart (split).
        Separated = "sep",
    }
}

/// How much of a probe was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// Said for the whole bracket, or not at all.
    NotSaid,
    /// `x2`
    Count(Range),
    /// `amp`
    Amplified,
    /// `+`
    Present,
    /// `++`
    Doubled,
    /// `-`
    Absent,
}

/// How many cells were scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// How many of them show this.
    pub showing: Option<u32>,
    /// All of them.
    pub all: u32,
}
