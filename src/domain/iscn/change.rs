//! Reads one change (what stands between two commas of a clone) into the tree.
//!
//! A change is read whole or not at all: a part that is not understood makes all of it `Unknown`, with its text.

use super::glyphs::{Glyph, Span, number, quote, span, string};
use super::notes::Code;
use super::tree::{
    Arm, Band, Breakpoint, Breaks, Change, Chromosome, Inherited, Joint, Kind, Modifier, Partner, Place, Range,
    Rearrangement, Related, Sign, Symbol,
};

/// Why a change could not be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// It may be right; it is not understood.
    Unread,
    /// It is surely wrong, here.
    Wrong { code: Code, at: Span, message: String, suggestion: Option<String> },
}

impl Fault {
    fn wrong(code: Code, at: Span, message: impl Into<String>) -> Self {
        Self::Wrong { code, at, message: message.into(), suggestion: None }
    }
}

type Read<T> = Result<T, Fault>;

/// Most alternatives (`or`), chromosomes, breakpoints or parts that are read in one place; more is kept as typed.
const LIST_MAX: usize = 32;

/// Reads a change. The glyphs have no blanks among them.
pub(super) fn change(glyphs: &[Glyph]) -> Read<Change> {
    let mut cursor = Cursor { glyphs, next: 0 };
    let mut change = Change::of(Kind::Incomplete);
    change.at = place(span(glyphs));
    change.doubtful = cursor.eat('?');
    change.sign = match cursor.peek() {
        Some('+') => Some(Sign::Gain),
        Some('-') => Some(Sign::Loss),
        _ => None,
    };
    cursor.next += usize::from(change.sign.is_some());
    // A chromosome that is not known (`+?`, `+?c`) is not a doubtful change.
    let word: String = cursor.left().iter().skip(1).map(|g| g.c).take_while(char::is_ascii_lowercase).collect();
    let suffix = ["x", "c", "mat", "pat", "dn", "inh", "or"].iter().any(|suffix| word.starts_with(suffix));
    change.doubtful |= cursor.left().len() > 1 && !suffix && cursor.eat('?');
    change.count = cursor.count_before_noun();
    change.kind = cursor.kind(change.sign.is_some())?;
    while cursor.eat_word("or") {
        if change.or.len() >= LIST_MAX {
            return Err(Fault::Unread);
        }
        change.or.push(cursor.kind(change.sign.is_some())?);
    }
    while !cursor.left().is_empty() {
        if change.times.is_none() && cursor.eat('x') {
            change.times = Some(cursor.range().filter(|range| range.low > 0).ok_or(Fault::Unread)?);
        } else if change.inherited.is_none()
            && let Some(inherited) = cursor.inherited()
        {
            change.inherited = Some(inherited);
        } else if !change.constitutional && cursor.eat('c') {
            change.constitutional = true;
        } else {
            return Err(Fault::Unread);
        }
    }
    Ok(change)
}

/// Reads a rearrangement that is nothing else, such as the target of FISH on metaphases.
pub(super) fn rearrangement(glyphs: &[Glyph]) -> Option<Rearrangement> {
    let mut cursor = Cursor { glyphs, next: 0 };
    let read = cursor.rearrangement(true).ok()?;
    cursor.left().is_empty().then_some(read)
}

/// A span as a place in the tree.
pub(super) fn place(at: Span) -> Place {
    Place { position: at.0, length: at.1 }
}

/// The kinds of rearrangement that may go on with what they came from.
const fn has_parts(symbol: Symbol) -> bool {
    match symbol {
        Symbol::Der | Symbol::Dic | Symbol::I | Symbol::Idic | Symbol::Ider | Symbol::R | Symbol::Rec | Symbol::Trc => {
            true
        }
        Symbol::Add
        | Symbol::Del
        | Symbol::Dup
        | Symbol::Fis
        | Symbol::Fra
        | Symbol::Hsr
        | Symbol::Ins
        | Symbol::Inv
        | Symbol::Qdp
        | Symbol::Rob
        | Symbol::T
        | Symbol::Tas
        | Symbol::Trp
        | Symbol::Upd => false,
    }
}

/// A symbol by its word; `tri` is an older word for `trp`.
fn symbol(word: &str) -> Option<Symbol> {
    if word == "tri" { Some(Symbol::Trp) } else { Symbol::parse(word) }
}

/// A symbol with the word that may stand before it.
fn modified(word: &str) -> Option<(Option<Modifier>, Symbol)> {
    if let Some(symbol) = symbol(word) {
        return Some((None, symbol));
    }
    Modifier::ALL.iter().find_map(|modifier| {
        let rest = word.strip_prefix(modifier.name())?;
        Some((Some(*modifier), symbol(rest)?))
    })
}

/// Whether a change begins with a word that is known.
pub(super) fn names_a_change(text: &str) -> bool {
    let bare = text.trim_start_matches(['+', '-', '?']);
    let word: String = bare.chars().take_while(char::is_ascii_lowercase).collect();
    modified(&word).is_some() || matches!(word.as_str(), "mar" | "dmin" | "inc" | "idem" | "sl" | "sdl")
}

struct Cursor<'g> {
    glyphs: &'g [Glyph],
    next: usize,
}

impl<'g> Cursor<'g> {
    fn left(&self) -> &'g [Glyph] {
        self.glyphs.get(self.next..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.glyphs.get(self.next + by).map(|g| g.c)
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        self.next += usize::from(there);
        there
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let there = word.chars().enumerate().all(|(by, c)| self.ahead(by) == Some(c));
        self.next += if there { word.len() } else { 0 };
        there
    }

    /// The characters from here on that fit.
    fn run(&self, fits: impl Fn(char) -> bool) -> String {
        self.left().iter().map(|g| g.c).take_while(|c| fits(*c)).collect()
    }

    fn digits(&mut self) -> Option<u32> {
        let digits = self.run(|c| c.is_ascii_digit());
        let read = number(&digits)?;
        self.next += digits.len();
        Some(read)
    }

    /// `3`, `2~5` or `2-5`.
    fn range(&mut self) -> Option<Range> {
        let low = self.digits()?;
        let ranged = matches!(self.peek(), Some('~' | '-')) && self.ahead(1).is_some_and(|c| c.is_ascii_digit());
        if !ranged {
            return Some(Range::one(low));
        }
        self.next += 1;
        let high = self.digits()?;
        Some(Range { low: low.min(high), high: low.max(high) })
    }

    /// A number before `mar`, `dmin` and the like; nothing is taken where no such word follows.
    fn count_before_noun(&mut self) -> Option<Range> {
        let start = self.next;
        let count = self.range().filter(|range| range.low > 0);
        let word = self.run(|c| c.is_ascii_lowercase());
        if count.is_some() && (word.starts_with("mar") || word.starts_with("dmin") || word == "r" || word == "hsr") {
            return count;
        }
        self.next = start;
        None
    }

    fn inherited(&mut self) -> Option<Inherited> {
        Inherited::ALL.iter().copied().find(|word| self.eat_word(word.name()))
    }

    fn kind(&mut self, signed: bool) -> Read<Kind> {
        match self.peek() {
            Some('X' | 'Y' | '?' | '0'..='9') => return self.whole(signed).map(Kind::Whole),
            Some('a'..='z') => {}
            _ => return Err(Fault::Unread),
        }
        let word = self.run(|c| c.is_ascii_lowercase());
        if self.ahead(word.len()) == Some('(') || matches!(word.as_str(), "r" | "hsr") {
            return self.rearrangement(true).map(Kind::Rearranged);
        }
        if self.eat_word("idem") {
            return Ok(Kind::Related(Related::Idem));
        }
        if self.eat_word("sdl") {
            return Ok(Kind::Related(Related::Sideline(self.digits())));
        }
        if self.eat_word("sl") {
            return Ok(Kind::Related(Related::Stemline));
        }
        if self.eat_word("dmin") {
            return Ok(Kind::DoubleMinutes);
        }
        if self.eat_word("mar") {
            return Ok(Kind::Marker(self.digits()));
        }
        if self.eat_word("inc") {
            return Ok(Kind::Incomplete);
        }
        // `rc`, `rx2`: a ring of unknown origin with something behind it.
        if word.starts_with('r') && matches!(word.as_str(), "rc" | "rx" | "rdn" | "rmat" | "rpat" | "ror") {
            return self.rearrangement(true).map(Kind::Rearranged);
        }
        if let Some((_, symbol)) = modified(&word)
            && self.ahead(word.len()).is_none()
        {
            let message = format!("“{symbol}” needs the chromosome in brackets.");
            return Err(Fault::wrong(Code::ChromosomeCount, span(self.left()), message));
        }
        Err(Fault::Unread)
    }

    /// A chromosome by its number or letter.
    fn whole(&mut self, signed: bool) -> Read<Chromosome> {
        let start = self.left();
        let name = match self.peek() {
            Some(c @ ('X' | 'Y' | '?')) => String::from(c),
            _ => self.run(|c| c.is_ascii_digit()),
        };
        self.next += name.len();
        // What follows tells whether this is about a whole chromosome at all.
        let ends = matches!(self.peek(), None | Some('x' | 'c' | 'm' | 'p' | 'd' | 'i' | 'o'));
        let arm = self.peek() == Some('p') && self.ahead(1) != Some('a');
        if !ends || arm {
            return Err(Fault::Unread);
        }
        let here = start.get(..name.len()).unwrap_or_default();
        let chromosome = Chromosome::parse(&name).ok_or_else(|| no_such_chromosome(here, &name))?;
        if !signed {
            let message = format!("A whole chromosome is gained (+{name}) or lost (-{name}); the sign is missing.");
            return Err(Fault::wrong(Code::Sign, span(here), message));
        }
        Ok(chromosome)
    }

    fn rearrangement(&mut self, outermost: bool) -> Read<Rearrangement> {
        let start = self.next;
        let doubtful = !outermost && self.eat('?');
        let word = self.run(|c| c.is_ascii_lowercase());
        let bare = self.ahead(word.len()) != Some('(');
        let (word, (modifier, symbol)) = if bare {
            // Only a ring and a staining region may stand without a chromosome.
            let word = if word.starts_with("hsr") { "hsr" } else { "r" };
            (word.to_owned(), modified(word).ok_or(Fault::Unread)?)
        } else {
            let known = modified(&word).ok_or(Fault::Unread)?;
            (word, known)
        };
        self.next += word.len();
        let mut read = Rearrangement {
            at: Place::default(),
            doubtful,
            modifier,
            symbol,
            chromosomes: Vec::new(),
            chromosomes_at: Place::default(),
            breaks: Breaks::Missing,
            breaks_at: Place::default(),
            parts: Vec::new(),
        };
        if let Some(inner) = self.bracket(Code::ChromosomeCount)? {
            read.chromosomes_at = place(span(inner));
            read.chromosomes = partners(inner)?;
        }
        if !read.chromosomes.is_empty()
            && let Some(inner) = self.bracket(Code::Breakpoint)?
        {
            read.breaks_at = place(span(inner));
            read.breaks = breaks(inner)?;
        }
        if outermost && has_parts(symbol) {
            while self.part_follows() {
                if read.parts.len() >= LIST_MAX {
                    return Err(Fault::Unread);
                }
                read.parts.push(self.rearrangement(false)?);
            }
        }
        read.at = place(span(self.glyphs.get(start..self.next).unwrap_or_default()));
        Ok(read)
    }

    /// Whether another rearrangement follows: a word with a bracket right behind it.
    fn part_follows(&self) -> bool {
        let doubt = usize::from(self.peek() == Some('?'));
        let letters = self.left().iter().skip(doubt).take_while(|g| g.c.is_ascii_lowercase()).count();
        let word: String = self.left().iter().skip(doubt).take(letters).map(|g| g.c).collect();
        letters > 0 && self.ahead(doubt + letters) == Some('(') && !word.starts_with("or")
    }

    /// What stands in the bracket here, if there is one; it is not empty. Brackets do not nest in a change.
    fn bracket(&mut self, code: Code) -> Read<Option<&'g [Glyph]>> {
        if self.peek() != Some('(') {
            return Ok(None);
        }
        let left = self.left();
        let Some(length) = left.iter().position(|g| g.c == ')') else { return Err(Fault::Unread) };
        if length == 1 {
            return Err(Fault::wrong(
                code,
                span(left.get(..2).unwrap_or_default()),
                "There is nothing in these brackets.",
            ));
        }
        self.next += length + 1;
        Ok(left.get(1..length))
    }

    fn breakpoint(&mut self) -> Read<Breakpoint> {
        let doubtful = matches!(self.ahead(1), Some('p' | 'q')) && self.eat('?');
        let band = self.band(None)?;
        let joint = match self.peek() {
            Some('~' | '-') => {
                self.next += 1;
                Some(Joint::To)
            }
            _ if self.eat_word("or") => Some(Joint::Or),
            _ => None,
        };
        let other = match joint {
            Some(joint) => Some((joint, self.band(band.arm)?)),
            None => None,
        };
        Ok(Breakpoint { doubtful, band, other })
    }

    /// A band; after `~` or `or` the arm may be left out.
    fn band(&mut self, same_arm: Option<Arm>) -> Read<Band> {
        let start = self.left();
        if self.eat_word("cen") {
            return Ok(Band { arm: None, name: "cen".into() });
        }
        let arm = match self.peek() {
            Some('p') => Some(Arm::Short),
            Some('q') => Some(Arm::Long),
            _ => None,
        };
        self.next += usize::from(arm.is_some());
        let arm = arm.or(same_arm);
        if arm.is_some() && self.eat_word("ter") {
            return Ok(Band { arm, name: "ter".into() });
        }
        let mut name = String::new();
        while let Some(c) = self.peek() {
            // A question mark between a band and the next arm belongs to the next breakpoint.
            let own = match c {
                '0'..='9' => true,
                '.' => self.ahead(1).is_some_and(|c| c.is_ascii_digit() || c == '?') && !name.contains('.'),
                '?' => name.is_empty() || !matches!(self.ahead(1), Some('p' | 'q')),
                _ => false,
            };
            if !own || name.len() >= 8 {
                break;
            }
            name.push(c);
            self.next += 1;
        }
        if arm.is_none() && name == "?" {
            return Ok(Band { arm: None, name });
        }
        let shown = quote(&string(start));
        if arm.is_none() && !name.is_empty() {
            let message = format!("A band begins with its arm, p or q; {shown} does not.");
            return Err(Fault::wrong(Code::Breakpoint, span(start), message));
        }
        if name.is_empty() || name.starts_with('.') {
            let message = format!("There is no band in {shown}.");
            return Err(Fault::wrong(Code::Breakpoint, span(start), message));
        }
        Ok(Band { arm, name })
    }
}

fn no_such_chromosome(at: &[Glyph], name: &str) -> Fault {
    Fault::wrong(Code::NoSuchChromosome, span(at), format!("There is no chromosome {}.", quote(name)))
}

/// The chromosomes in a bracket.
fn partners(inner: &[Glyph]) -> Read<Vec<Partner>> {
    if let Some(mark) = inner.iter().find(|g| matches!(g.c, ',' | ':' | '/')) {
        return Err(Fault::Wrong {
            code: Code::ChromosomeCount,
            at: (mark.at, 1),
            message: "A semicolon parts chromosomes.".into(),
            suggestion: Some(";".into()),
        });
    }
    let mut all = Vec::new();
    for piece in inner.split(|g| g.c == ';') {
        let text = string(piece);
        let (doubtful, name) = match text.strip_prefix('?') {
            Some(rest) if !rest.is_empty() => (true, rest),
            _ => (false, text.as_str()),
        };
        let (name, arm) = match (name.strip_suffix('p'), name.strip_suffix('q')) {
            (Some(name), _) => (name, Some(Arm::Short)),
            (None, Some(name)) => (name, Some(Arm::Long)),
            (None, None) => (name, None),
        };
        let Some(chromosome) = Chromosome::parse(name) else {
            let like_one = name.is_empty() || name.bytes().all(|b| b.is_ascii_alphanumeric());
            let spelled = like_one && !name.contains(['p', 'q', 'o']);
            return Err(if spelled {
                no_such_chromosome(if piece.is_empty() { inner } else { piece }, name)
            } else {
                Fault::Unread
            });
        };
        all.push(Partner { chromosome, doubtful, arm });
        if all.len() > LIST_MAX {
            return Err(Fault::Unread);
        }
    }
    Ok(all)
}

/// The breakpoints in a bracket.
fn breaks(inner: &[Glyph]) -> Read<Breaks> {
    let text = string(inner);
    if text.contains('>') || text.contains(':') {
        return Ok(Breaks::Detailed(text));
    }
    if let Some(mark) = inner.iter().find(|g| matches!(g.c, ',' | '/')) {
        return Err(Fault::Wrong {
            code: Code::Breakpoint,
            at: (mark.at, 1),
            message: "A semicolon parts the breakpoints of two chromosomes.".into(),
            suggestion: Some(";".into()),
        });
    }
    let mut groups = Vec::new();
    for piece in inner.split(|g| g.c == ';') {
        let mut cursor = Cursor { glyphs: piece, next: 0 };
        let mut group = Vec::new();
        while !cursor.left().is_empty() {
            let before = cursor.next;
            group.push(cursor.breakpoint()?);
            if cursor.next == before || group.len() > LIST_MAX {
                return Err(Fault::Unread);
            }
        }
        if group.is_empty() {
            let at = span(if piece.is_empty() { inner } else { piece });
            return Err(Fault::wrong(Code::Breakpoint, at, "A breakpoint is missing here."));
        }
        groups.push(group);
        if groups.len() > LIST_MAX {
            return Err(Fault::Unread);
        }
    }
    Ok(Breaks::Bands(groups))
}
