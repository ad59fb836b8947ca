//! Clones and changes in plain English.

use std::fmt::Write as _;

use super::assess::Member;
use super::glyphs::counted;
use super::tree::{
    Arm, Band, Breakpoint, Breaks, Change, Chromosome, Inherited, Joint, Kind, Modifier, Range, Rearrangement, Related,
    Sign, Symbol,
};

/// A clone in one sentence.
pub(super) fn sentence(member: &Member<'_>) -> String {
    let clone = member.clone;
    let letters = clone.sex.as_ref().map(|sex| sex.letters.as_str()).filter(|letters| !letters.is_empty());
    let born = clone.sex.as_ref().is_some_and(|sex| sex.constitutional);
    let related = clone.sex.is_none();
    let people = match (letters, member.complement.as_deref()) {
        (Some("XX"), _) if !born => "female ",
        (Some("XY"), _) if !born => "male ",
        (None, Some("XX")) if related => "female ",
        (None, Some("XY")) if related => "male ",
        _ => "",
    };
    let cells = clone.cells.map_or(String::new(), |cells| format!(" in {}", counted(cells.count, "cell", "cells")));
    if member.normal {
        return format!("A normal {people}karyotype{cells}.");
    }
    let composite = clone.cells.is_some_and(|cells| cells.composite);
    let noun = match (composite, clone.changes.is_empty() || member.constitutional(), clone.cells) {
        (true, _, _) => "composite karyotype",
        (false, true, _) => "karyotype",
        (false, false, Some(cells)) if cells.count == 1 => "single-cell finding",
        (false, false, _) => "clone",
    };
    let modal = match clone.modal {
        Some(Range { low, high }) if low == high => format!(" with {}", counted(low, "chromosome", "chromosomes")),
        Some(Range { low, high }) => format!(" with {low} to {high} chromosomes"),
        None => String::new(),
    };
    let level = clone.level.map_or(String::new(), |level| format!(" (counted from {})", ploidy(level)));
    let sex = match (people, letters) {
        ("", Some(letters)) if born => format!(", sex chromosomes {letters} (constitutional),"),
        ("", Some(letters)) if letters.len() == 1 => format!(", sex chromosome {letters},"),
        ("", Some(letters)) => format!(", sex chromosomes {letters},"),
        _ => String::new(),
    };
    let sex = if cells.is_empty() { sex.trim_end_matches(',') } else { &sex };
    let article = if people.is_empty() && noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
    let mut text = format!("{article} {people}{noun}{modal}{level}{sex}{cells}");
    let (read, kept) = changes(&clone.changes);
    if !read.is_empty() {
        text.push_str(": ");
        text.push_str(&read.join("; "));
    }
    if !kept.is_empty() {
        text.push_str(if read.is_empty() { ": " } else { "; " });
        text.push_str("kept as typed and not checked: ");
        text.push_str(&kept.join(", "));
    }
    text.push('.');
    text
}

fn ploidy(level: u32) -> String {
    match level {
        1 => "a haploid set".into(),
        2 => "a diploid set".into(),
        3 => "a triploid set".into(),
        4 => "a tetraploid set".into(),
        n => format!("{n} haploid sets"),
    }
}

/// The changes in words, those alike together; and those that are not understood.
fn changes(changes: &[Change]) -> (Vec<String>, Vec<String>) {
    let (mut read, mut kept) = (Vec::new(), Vec::new());
    for run in changes.chunk_by(|a, b| a == b) {
        let Some(change) = run.first() else { continue };
        if matches!(change.kind, Kind::Unknown(_)) {
            kept.extend(run.iter().map(ToString::to_string));
            continue;
        }
        let mut words = in_words(change);
        if run.len() > 1 {
            let _ = write!(words, " ({} times)", run.len());
        }
        read.push(words);
    }
    (read, kept)
}

/// One change in words.
pub(super) fn in_words(change: &Change) -> String {
    let mut text = String::new();
    if change.doubtful {
        text.push_str("possible ");
    }
    if change.constitutional {
        text.push_str("constitutional ");
    }
    let several = change.count.unwrap_or(Range::one(1));
    text.push_str(&kind(&change.kind, change.sign, several));
    for other in &change.or {
        text.push_str(" or ");
        text.push_str(&kind(other, change.sign, several));
    }
    match change.times {
        Some(times) if times.low == times.high => {
            let _ = write!(text, " ({} copies)", times.low);
        }
        Some(times) => {
            let _ = write!(text, " ({} to {} copies)", times.low, times.high);
        }
        None => {}
    }
    match change.inherited {
        Some(Inherited::Maternal) => text.push_str(", inherited from the mother"),
        Some(Inherited::Paternal) => text.push_str(", inherited from the father"),
        Some(Inherited::DeNovo) => text.push_str(", not inherited"),
        Some(Inherited::Inherited) => text.push_str(", inherited"),
        None => {}
    }
    if let Some(cells) = change.cells {
        let _ = write!(text, " (in {})", counted(cells, "cell", "cells"));
    }
    text
}

fn several(range: Range, one: &str, many: &str) -> String {
    match (range.low, range.high) {
        (1, 1) => format!("a {one}"),
        (low, high) if low == high => format!("{low} {many}"),
        (low, high) => format!("{low} to {high} {many}"),
    }
}

fn kind(kind: &Kind, sign: Option<Sign>, count: Range) -> String {
    let (more, less) = (sign == Some(Sign::Gain), sign == Some(Sign::Loss));
    match kind {
        Kind::Whole(Chromosome::Unknown) if less => "loss of a chromosome that could not be told".into(),
        Kind::Whole(Chromosome::Unknown) => "gain of a chromosome that could not be told".into(),
        Kind::Whole(chromosome) if less => format!("loss of chromosome {chromosome}"),
        Kind::Whole(chromosome) => format!("gain of chromosome {chromosome}"),
        Kind::Marker(Some(number)) => format!("{}marker chromosome {number}", if less { "loss of " } else { "" }),
        Kind::Marker(None) if less => format!("loss of {}", several(count, "marker chromosome", "marker chromosomes")),
        Kind::Marker(None) => several(count, "marker chromosome", "marker chromosomes"),
        Kind::DoubleMinutes if count == Range::one(1) => "double minutes".into(),
        Kind::DoubleMinutes => several(count, "double minute", "double minutes"),
        Kind::Related(Related::Idem | Related::Stemline) => "all changes of the first abnormal clone".into(),
        Kind::Related(Related::Sideline(None)) => "all changes of the clone before".into(),
        Kind::Related(Related::Sideline(Some(number))) => format!("all changes of subclone {number}"),
        Kind::Incomplete => "more that could not be told (incomplete karyotype)".into(),
        Kind::Unknown(text) => text.clone(),
        Kind::Rearranged(r) => {
            let words = rearrangement(r);
            match (more, less) {
                (true, _) => format!("additional {}", words.strip_prefix("a ").unwrap_or(&words)),
                (_, true) => format!("loss of the {words}"),
                _ => words,
            }
        }
    }
}

/// `chromosome 9 (q34)`; `chromosomes 9 (q34) and 22 (q11.2)`.
fn places(r: &Rearrangement) -> String {
    let groups = match &r.breaks {
        Breaks::Bands(groups) => groups.as_slice(),
        Breaks::Missing | Breaks::Detailed(_) => &[],
    };
    let several = r.chromosomes.len() > 1;
    let unknown = r.chromosomes.iter().any(|partner| partner.chromosome == Chromosome::Unknown);
    let names: Vec<String> = r
        .chromosomes
        .iter()
        .enumerate()
        .map(|(index, partner)| {
            let doubt = if partner.doubtful { "possibly " } else { "" };
            let name = match partner.chromosome {
                Chromosome::Unknown if several => "an unknown chromosome".to_owned(),
                Chromosome::Unknown => "of unknown origin".to_owned(),
                known @ (Chromosome::X | Chromosome::Y | Chromosome::Autosome(_)) if unknown && several => {
                    format!("chromosome {known}")
                }
                known @ (Chromosome::X | Chromosome::Y | Chromosome::Autosome(_)) => known.to_string(),
            };
            match groups.get(index) {
                Some(group) => {
                    let at: Vec<String> = group.iter().map(at_band).collect();
                    format!("{doubt}{name} ({})", at.join(" and "))
                }
                None => format!("{doubt}{name}{}", partner.arm.map_or("", Arm::name)),
            }
        })
        .collect();
    match (several, unknown) {
        (true, true) => listed(&names),
        (true, false) => format!("chromosomes {}", listed(&names)),
        (false, _) => format!("chromosome {}", listed(&names)),
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn at_band(b: &Breakpoint) -> String {
    let doubt = if b.doubtful { "possibly " } else { "" };
    match &b.other {
        None => format!("{doubt}{}", band(&b.band)),
        Some((Joint::To, other)) => format!("{doubt}between {} and {}", band(&b.band), band(other)),
        Some((Joint::Or, other)) => format!("{doubt}{} or {}", band(&b.band), band(other)),
    }
}

fn band(band: &Band) -> String {
    match (band.arm, band.name.as_str()) {
        (Some(Arm::Short), "10") => "short-arm side of the centromere".into(),
        (Some(Arm::Long), "10") => "long-arm side of the centromere".into(),
        (Some(Arm::Short), "ter") => "end of the short arm".into(),
        (Some(Arm::Long), "ter") => "end of the long arm".into(),
        (Some(Arm::Short), "?") => "somewhere on the short arm".into(),
        (Some(Arm::Long), "?") => "somewhere on the long arm".into(),
        (None, "?") => "unknown band".into(),
        (None, "cen") => "centromere".into(),
        _ => band.to_string(),
    }
}

const fn arm_words(arm: Arm) -> &'static str {
    match arm {
        Arm::Short => "the short arm",
        Arm::Long => "the long arm",
    }
}

fn one_arm(group: &[Breakpoint]) -> Option<Arm> {
    let first = group.first()?.band.arm?;
    group.iter().all(|b| b.band.arm == Some(first)).then_some(first)
}

/// `the long arm of chromosome 5 between q13 and q33`, `the long arm of chromosome 7 from q22 to its end`.
fn segment(r: &Rearrangement) -> String {
    let name = r.chromosomes.first().map_or(String::new(), ToString::to_string);
    let Breaks::Bands(groups) = &r.breaks else {
        return match r.chromosomes.first().and_then(|p| p.arm.map(|arm| (p.chromosome, arm))) {
            Some((chromosome, arm)) => format!("{} of chromosome {chromosome}", arm_words(arm)),
            None => format!("part of chromosome {name}"),
        };
    };
    let group = groups.first().map(Vec::as_slice).unwrap_or_default();
    match (one_arm(group), group) {
        (Some(arm), [from]) if matches!(from.band.name.as_str(), "10" | "11") => {
            format!("{} of chromosome {name}", arm_words(arm))
        }
        (Some(arm), [from]) if from.band.name == "?" => format!("part of {} of chromosome {name}", arm_words(arm)),
        (Some(arm), [from]) => format!("{} of chromosome {name} from {} to its end", arm_words(arm), at_band(from)),
        (Some(arm), [from, to]) => {
            format!("{} of chromosome {name} between {} and {}", arm_words(arm), at_band(from), at_band(to))
        }
        (None, [from, to]) => format!("chromosome {name} between {} and {}", at_band(from), at_band(to)),
        _ => places(r),
    }
}

fn rearrangement(r: &Rearrangement) -> String {
    let mut text = bare(r);
    if !r.parts.is_empty() {
        let parts: Vec<String> = r
            .parts
            .iter()
            .map(|part| format!("{}{}", if part.doubtful { "possible " } else { "" }, bare(part)))
            .collect();
        let _ = write!(text, " from {}", listed(&parts));
    }
    if let Breaks::Detailed(detail) = &r.breaks {
        let _ = write!(text, " ({detail})");
    }
    text
}

fn bare(r: &Rearrangement) -> String {
    let modifier = match r.modifier {
        Some(Modifier::Pseudo) => "pseudo",
        Some(Modifier::Direct) => "direct ",
        Some(Modifier::Inverted) => "inverted ",
        None => "",
    };
    let whole_arms = matches!(&r.breaks, Breaks::Bands(groups) if groups.iter().flatten().all(|b| b.band.name == "10"));
    let arms = || {
        let Breaks::Bands(groups) = &r.breaks else { return String::new() };
        let names: Vec<String> = r
            .chromosomes
            .iter()
            .zip(groups)
            .filter_map(|(p, group)| Some(format!("{} of {}", arm_words(one_arm(group)?), p.chromosome)))
            .collect();
        listed(&names)
    };
    let words = match r.symbol {
        Symbol::Add => format!("additional material of unknown origin on {}", places(r)),
        Symbol::Del => format!("deletion of {}", segment(r)),
        Symbol::Der if r.chromosomes.len() > 1 && whole_arms => {
            format!("whole-arm translocation joining {}", arms())
        }
        Symbol::Der => format!("derivative {}", places(r)),
        Symbol::Dic => format!("dicentric chromosome made of {}", places(r)),
        Symbol::Dup => format!("duplication of {}", segment(r)),
        Symbol::Fis => format!("fission of {}", places(r)),
        Symbol::Fra => format!("fragile site on {}", places(r)),
        Symbol::Hsr if r.chromosomes.is_empty() => "a homogeneously staining region".into(),
        Symbol::Hsr => format!("homogeneously staining region on {}", places(r)),
        Symbol::I => {
            let arm = match (&r.breaks, r.chromosomes.first()) {
                (Breaks::Bands(groups), _) => groups.first().and_then(|group| one_arm(group)),
                (Breaks::Missing | Breaks::Detailed(_), first) => first.and_then(|p| p.arm),
            };
            match (arm, r.chromosomes.first()) {
                (Some(arm), Some(p)) => format!("isochromosome of {} of chromosome {}", arm_words(arm), p.chromosome),
                _ => format!("isochromosome of {}", places(r)),
            }
        }
        Symbol::Idic => format!("isodicentric {}", places(r)),
        Symbol::Ider => format!("isoderivative {}", places(r)),
        Symbol::Ins => format!("insertion involving {}", places(r)),
        Symbol::Inv => format!("inversion of {}", segment(r)),
        Symbol::Qdp => format!("quadruplication of {}", segment(r)),
        Symbol::R if r.chromosomes.is_empty() => "a ring chromosome of unknown origin".into(),
        Symbol::R => format!("ring of {}", places(r)),
        Symbol::Rec => format!("recombinant {}", places(r)),
        Symbol::Rob => format!("Robertsonian translocation joining {}", if whole_arms { arms() } else { places(r) }),
        Symbol::T => {
            format!("{}translocation between {}", if r.chromosomes.len() == 3 { "three-way " } else { "" }, places(r))
        }
        Symbol::Tas => format!("telomeric association of {}", places(r)),
        Symbol::Trc => format!("tricentric chromosome made of {}", places(r)),
        Symbol::Trp => format!("triplication of {}", segment(r)),
        Symbol::Upd => format!("uniparental disomy of {}", places(r)),
    };
    format!("{modifier}{words}")
}
