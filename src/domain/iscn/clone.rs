//! Reads one clone into the tree: the number of chromosomes, the sex chromosomes, the changes and the number of cells.

use super::change::{Fault, change, names_a_change, place};
use super::glyphs::{Glyph, Span, after, depths, number, quote, span, string};
use super::notes::{Code, Notes};
use super::split::{Token, begins_a_clone, tokens};
use super::tree::{Cells, Change, Karyotype, Kind, Origin, Range, Sexes};
use super::{Level, USUAL_MODAL};

/// Reads a clone; `part` begins with the clone itself.
pub(super) fn clone(part: &[Glyph], origin: Option<Origin>, notes: &mut Notes) -> Karyotype {
    let rest = without_spaces(part, notes);
    let mut read = Karyotype { at: place(span(part)), origin, ..Karyotype::default() };
    let tokens = tokens(&rest);
    let closed = counts(&tokens, &mut read, notes);
    body(&tokens, &mut read, notes);
    if !closed {
        let message = "The number of cells in square brackets is missing at the end of the clone.";
        notes.warn(Code::CellsMissing, after(&rest), message);
    }
    read
}

/// How much of a part is words before (or instead of) a clone, such as `mos` or `nonclonal`.
pub(super) fn leading_words(part: &[Glyph]) -> usize {
    let word: String = part.iter().map(|g| g.c).take_while(char::is_ascii_alphabetic).collect();
    let about_a_clone =
        sex_letters(&word.to_ascii_uppercase()).is_some() || word.eq_ignore_ascii_case("XO") || names_a_change(&word);
    if word.is_empty() || about_a_clone {
        return 0;
    }
    depths(part)
        .zip(part.iter().skip(1))
        .find(|((index, depth, before), glyph)| {
            *depth == 0
                && matches!(before.c, ' ' | ':')
                && glyph.c.is_ascii_digit()
                && begins_a_clone(part.get(index + 1..).unwrap_or_default())
        })
        .map_or(part.len(), |((index, _, _), _)| index + 1)
}

/// The glyphs without the blanks among them; says where they were, but for those that belong to a word (`or`, `psu dic`).
fn without_spaces(glyphs: &[Glyph], notes: &mut Notes) -> Vec<Glyph> {
    let mut before = String::new();
    let mut runs = glyphs.chunk_by(|a, b| (a.c == ' ') == (b.c == ' ')).peekable();
    while let Some(run) = runs.next() {
        if run.first().is_some_and(|g| g.c != ' ') {
            before = string(run);
            continue;
        }
        let next = runs.peek().map_or(String::new(), |run| string(run));
        let word = |text: &str, word: &str| {
            text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
        };
        let letters: Vec<char> = before.chars().rev().take_while(char::is_ascii_lowercase).collect();
        let last: String = letters.into_iter().rev().collect();
        let fits = matches!(last.as_str(), "or" | "psu" | "dir" | "inv") || word(&next, "or") || next.starts_with("or");
        if !fits {
            notes.add(Level::Warning, Code::Space, span(run), "A karyotype is written without spaces.", Some(""));
        }
    }
    glyphs.iter().filter(|g| g.c != ' ').copied().collect()
}

/// The bracketed number that closes a clone. Says whether there is one.
fn counts(tokens: &[Token<'_>], read: &mut Karyotype, notes: &mut Notes) -> bool {
    let closing = tokens.last().and_then(|t| t.counts.last()).copied();
    if let Some(group) = closing {
        read.cells = count(group, notes);
        read.cells_at = place(span(group));
    }
    let inner = |group: &&[Glyph]| closing.is_none_or(|closing| span(closing) != span(group));
    for group in tokens.iter().flat_map(|t| t.counts.iter().copied()).filter(inner) {
        let at = span(group);
        let composite = read.cells.is_some_and(|cells| cells.composite);
        match count(group, notes) {
            _ if closing.is_none() => {
                let message = "The number of cells closes a clone; nothing of the clone comes after it.";
                notes.error(Code::Cells, at, message);
            }
            _ if !composite => {
                let message = "Only a composite karyotype counts the cells of single changes.";
                notes.warn(Code::Cells, at, message);
            }
            Some(some) if read.cells.is_some_and(|all| some.count > all.count) => {
                let message = "A change cannot be in more cells than the composite karyotype has.";
                notes.error(Code::Cells, at, message);
            }
            Some(_) | None => {}
        }
    }
    closing.is_some()
}

/// `[n]` or `[cpn]`.
fn count(group: &[Glyph], notes: &mut Notes) -> Option<Cells> {
    let (count, composite) = plain_count(group);
    let at = span(group);
    match count {
        Ok(0) => notes.error(Code::Cells, at, "A clone has at least one cell."),
        Ok(count) => return Some(Cells { count, composite }),
        Err(digits) if digits.is_empty() => {
            notes.error(Code::Cells, at, "The number of cells is missing in these brackets.");
        }
        Err(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            notes.error(Code::Cells, at, "This is not a likely number of cells.");
        }
        Err(_) => {
            let quoted = quote(&string(group));
            let message = format!("{quoted} is kept as typed; it is not a number of cells that is understood here.");
            notes.not_modelled(Code::Cells, at, message);
        }
    }
    None
}

/// The number in brackets (or what stands in its place), and whether `cp` stands before it.
fn plain_count(group: &[Glyph]) -> (Result<u32, String>, bool) {
    let inner = string(group.get(1..group.len().saturating_sub(1)).unwrap_or_default());
    let (digits, composite) = match inner.strip_prefix("cp") {
        Some(digits) => (digits, true),
        None => (inner.as_str(), false),
    };
    (number(digits).ok_or_else(|| digits.to_owned()), composite)
}

/// Everything between the commas of a clone.
fn body(tokens: &[Token<'_>], read: &mut Karyotype, notes: &mut Notes) {
    let mut rest = tokens.iter();
    let Some(first) = rest.next() else { return };
    let mut queue: Vec<&Token<'_>> = Vec::new();
    let glued = modal(first, read, notes);
    match glued {
        Some(Glued::Sex(sex)) => {
            read.sex = Some(sex);
            read.sex_at = place(span(first.body));
        }
        Some(Glued::Unread) => queue.push(first),
        None => {}
    }
    if read.sex.is_none() {
        match rest.next() {
            None => {
                let end = first.counts.first().map_or(after(first.body), |g| (span(g).0, 0));
                notes.error(Code::SexMissing, end, "The sex chromosomes are missing.");
            }
            Some(token) => match sexes(token, notes) {
                Some(sex) => {
                    read.sex = Some(sex);
                    read.sex_at = place(span(token.body));
                }
                None if token.body.is_empty() => {}
                None => queue.push(token),
            },
        }
    }
    queue.extend(rest);
    for token in queue {
        if let Some(change) = read_change(token, std::ptr::eq(token, first), notes) {
            read.changes.push(change);
        }
    }
    // The number of cells at the end belongs to the clone, not to its last change.
    let own = tokens.last().map_or(0, |token| token.counts.len());
    if own < 2
        && let Some(last) = read.changes.last_mut()
    {
        last.cells = None;
    }
}

/// One change; `said` when there is a finding about it already.
fn read_change(token: &Token<'_>, said: bool, notes: &mut Notes) -> Option<Change> {
    let at = span(token.body);
    if token.body.is_empty() {
        notes.error(Code::EmptyChange, token.comma_at, "There is nothing after this comma.");
        return None;
    }
    let cells = token.counts.first().and_then(|group| plain_count(group).0.ok()).filter(|n| *n > 0);
    let text = string(token.body);
    match change(token.body) {
        Ok(read) if !said => return Some(Change { cells, ..read }),
        Ok(_) => {}
        Err(_) if said => {}
        Err(Fault::Wrong { code, at, message, suggestion }) => {
            notes.add(Level::Error, code, at, message, suggestion.as_deref());
        }
        Err(Fault::Unread) => {
            let message = format!("{} is kept as typed; it is not understood here.", quote(&text));
            notes.not_modelled(Code::NotUnderstood, at, message);
        }
    }
    Some(Change { at: place(at), cells, ..Change::of(Kind::Unknown(text)) })
}

/// What stood before the first comma besides a number.
enum Glued {
    /// The sex chromosomes.
    Sex(Sexes),
    /// Something else, and no number.
    Unread,
}

/// The number of chromosomes. Gives what else stands before the first comma.
fn modal(token: &Token<'_>, read: &mut Karyotype, notes: &mut Notes) -> Option<Glued> {
    let body = token.body;
    let at = span(body);
    if body.is_empty() {
        notes.error(Code::ModalMissing, token.comma_at, "The number of chromosomes is missing.");
        return None;
    }
    let digits = |from: usize| body.iter().skip(from).take_while(|g| g.c.is_ascii_digit()).count();
    let low_end = digits(0);
    let ranged = body.get(low_end).is_some_and(|g| matches!(g.c, '~' | '-')) && digits(low_end + 1) > 0;
    let end = if ranged { low_end + 1 + digits(low_end + 1) } else { low_end };
    let (numbers, rest) = body.split_at(end);
    let rest_text = string(rest);
    if low_end == 0 {
        if let Some(sex) = sex_letters(&rest_text).filter(|sex| !sex.letters.is_empty()) {
            notes.error(Code::ModalMissing, (at.0, 0), "A clone begins with the number of chromosomes.");
            return Some(Glued::Sex(sex));
        }
        if rest_text.starts_with('?') {
            let message = format!("{} is kept as typed; the number is not certain.", quote(&rest_text));
            notes.not_modelled(Code::Modal, at, message);
            read.unread = rest_text;
            return None;
        }
        let message = format!("A clone begins with the number of chromosomes, not {}.", quote(&rest_text));
        notes.error(Code::ModalMissing, at, message);
        return Some(Glued::Unread);
    }
    read.modal_at = place(span(numbers));
    let low = number(&string(body.get(..low_end).unwrap_or_default()));
    let high = if ranged { number(&string(numbers.get(low_end + 1..).unwrap_or_default())) } else { low };
    let (Some(low), Some(high)) = (low, high) else {
        notes.error(Code::Modal, span(numbers), "This is not a likely number of chromosomes.");
        return None;
    };
    if low == 0 || high == 0 {
        notes.error(Code::Modal, span(numbers), "A cell has chromosomes.");
        return None;
    }
    read.modal = Some(Range { low: low.min(high), high: low.max(high) });
    modal_remarks(low, high, ranged, span(numbers), notes);
    let after_mark = rest_text.trim_start_matches(['.', ';', ':']);
    if let Some(sex) = sex_letters(after_mark).filter(|sex| !sex.letters.is_empty()) {
        let message = "A comma parts the number of chromosomes from the sex chromosomes.";
        notes.add(Level::Error, Code::Comma, span(rest), message, Some(&format!(",{after_mark}")));
        return Some(Glued::Sex(sex));
    }
    read.level = level(&rest_text);
    if !rest.is_empty() && read.level.is_none() {
        let message = format!("{} is kept as typed and not checked.", quote(&rest_text));
        notes.not_modelled(Code::Modal, span(rest), message);
        read.unread = rest_text;
    }
    None
}

/// `<3n>`: the level of ploidy, 1 to 8.
fn level(text: &str) -> Option<u32> {
    let inner = text.strip_prefix('<')?.strip_suffix("n>")?;
    if inner.is_empty() { Some(1) } else { number(inner).filter(|n| (1..=8).contains(n)) }
}

/// What is odd about a number or range of chromosomes.
fn modal_remarks(low: u32, high: u32, ranged: bool, at: Span, notes: &mut Notes) {
    if low > high {
        let message = "A range goes from the lower to the higher number.";
        notes.add(Level::Error, Code::ModalRange, at, message, Some(&format!("{high}~{low}")));
    } else if ranged && low == high {
        let message = "A range has two different numbers.";
        notes.add(Level::Warning, Code::ModalRange, at, message, Some(&low.to_string()));
    } else if !USUAL_MODAL.contains(&low) || !USUAL_MODAL.contains(&high) {
        notes.warn(Code::Modal, at, "This is an unusual number of chromosomes.");
    }
}

/// The sex chromosomes; none if this is something else, which is then a change.
fn sexes(token: &Token<'_>, notes: &mut Notes) -> Option<Sexes> {
    let text = string(token.body);
    let at = span(token.body);
    if text.is_empty() {
        notes.error(Code::SexMissing, token.comma_at, "The sex chromosomes are missing.");
        return None;
    }
    if let Some(sex) = sex_letters(&text) {
        if sex.letters.is_empty() {
            notes.warn(Code::SexWritten, at, "The sex chromosomes are not given.");
        }
        return Some(sex);
    }
    if matches!(text.to_ascii_uppercase().as_str(), "XO" | "X0") {
        notes.add(Level::Error, Code::SexWritten, at, "A missing sex chromosome is not written.", Some("X"));
        return sex_letters("X");
    }
    let (letters, constitutional) = match text.strip_suffix('c') {
        Some(letters) => (letters.to_ascii_uppercase(), "c"),
        None => (text.to_ascii_uppercase(), ""),
    };
    let ordered: String = {
        let mut all: Vec<char> = letters.chars().collect();
        all.sort_unstable();
        all.into_iter().chain(constitutional.chars()).collect()
    };
    if let Some(sex) = sex_letters(&ordered) {
        let message = "The sex chromosomes are written in capital letters, X before Y.";
        notes.add(Level::Warning, Code::SexWritten, at, message, Some(&ordered));
        return Some(sex);
    }
    let signed = text.strip_prefix(['+', '-']).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
    let relation = ["idem", "sl", "sdl"].iter().any(|word| text.starts_with(word));
    if !relation && (signed || (names_a_change(&text) && (text.contains('(') || text.starts_with(['+', '-'])))) {
        notes.error(Code::SexMissing, (at.0, 0), "The sex chromosomes are missing before this change.");
    }
    None
}

/// Sex chromosomes, possibly constitutional or doubtful, if the text is nothing else.
pub(super) fn sex_letters(text: &str) -> Option<Sexes> {
    let (rest, constitutional) = text.strip_suffix('c').map_or((text, false), |rest| (rest, true));
    let (letters, doubtful) = rest.strip_prefix('?').map_or((rest, false), |rest| (rest, true));
    let xs = letters.trim_start_matches('X');
    let fits = xs.bytes().all(|b| b == b'Y') && (doubtful || !letters.is_empty()) && letters.len() <= 16;
    fits.then(|| Sexes { letters: letters.to_owned(), constitutional, doubtful })
}
