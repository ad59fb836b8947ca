//! The look of a variant's name (HGVS). A look, not a proof: what looks odd gets a remark and is kept.

/// Whether this looks like a coding (`c.`) or protein (`p.`) description, such as `c.860_863dup`, `c.1849G>T`,
/// `p.(Val617Phe)`, `p.Trp288Cysfs*12` or `p.?`.
pub fn looks_like_hgvs(text: &str) -> bool {
    let text = text.trim();
    // A reference before a colon: NM_004972.4:c.1849G>T.
    let text = text.rsplit_once(':').map_or(text, |(_, rest)| rest);
    text.strip_prefix("c.").map(coding).or_else(|| text.strip_prefix("p.").map(protein)).is_some_and(|fits| fits)
}

fn coding(rest: &str) -> bool {
    if rest == "?" || rest == "=" {
        return true;
    }
    let Some(after) = place(rest) else { return false };
    let after = match after.strip_prefix('_') {
        Some(second) => match place(second) {
            Some(after) => after,
            None => return false,
        },
        None => after,
    };
    let bases = |text: &str| text.chars().all(|c| "ACGTN".contains(c));
    if let Some((from, to)) = after.split_once('>') {
        return !from.is_empty() && !to.is_empty() && bases(from) && bases(to);
    }
    if let Some(inserted) = after.strip_prefix("delins").or_else(|| after.strip_prefix("ins")) {
        let repeated = inserted.strip_prefix('(').and_then(|x| x.strip_suffix(')'));
        return !inserted.is_empty()
            && (bases(inserted)
                || inserted.chars().all(|c| c.is_ascii_digit())
                || repeated.is_some_and(|x| !x.is_empty() && x.chars().all(|c| c.is_ascii_digit()))
                || place(inserted).is_some());
    }
    ["del", "dup", "inv"].iter().any(|what| after.strip_prefix(what).is_some_and(bases))
}

/// A place in a transcript, such as `1849`, `-14`, `*32`, `88+1`, and what follows it.
fn place(text: &str) -> Option<&str> {
    let text = text.strip_prefix(['-', '*']).unwrap_or(text);
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() {
        return None;
    }
    match rest.strip_prefix(['+', '-']) {
        Some(intron) => {
            let after = intron.trim_start_matches(|c: char| c.is_ascii_digit());
            (after.len() < intron.len()).then_some(after)
        }
        None => Some(rest),
    }
}

const AMINO_ACIDS: [&str; 23] = [
    "Ala", "Arg", "Asn", "Asp", "Cys", "Gln", "Glu", "Gly", "His", "Ile", "Leu", "Lys", "Met", "Phe", "Pro", "Sec",
    "Ser", "Thr", "Trp", "Tyr", "Val", "Ter", "Xaa",
];

fn protein(rest: &str) -> bool {
    let inner = rest.strip_prefix('(').and_then(|x| x.strip_suffix(')')).unwrap_or(rest);
    if inner == "?" || inner == "=" || inner == "0" {
        return true;
    }
    let Some(after) = residue(inner) else { return false };
    let after = match after.strip_prefix('_') {
        Some(second) => match residue(second) {
            Some(after) => after,
            None => return false,
        },
        None => after,
    };
    if after == "=" || after == "*" || after == "?" {
        return true;
    }
    let changes = ["fs", "del", "dup", "ins", "delins", "ext"];
    let after_residue = AMINO_ACIDS.iter().find_map(|a| after.strip_prefix(a)).unwrap_or(after);
    after_residue.is_empty() || changes.iter().any(|c| after_residue.starts_with(c))
}

/// `Val617`, and what follows it.
fn residue(text: &str) -> Option<&str> {
    let rest = AMINO_ACIDS.iter().find_map(|a| text.strip_prefix(a)).or_else(|| text.strip_prefix('*'))?;
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (after.len() < rest.len()).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::looks_like_hgvs;

    #[test]
    fn names_of_variants() {
        for good in [
            "c.1849G>T",
            "c.860_863dup",
            "c.860_863dupTCTG",
            "NM_004972.4:c.1849G>T",
            "c.88+1G>A",
            "c.-14C>T",
            "c.2522_2523delinsAA",
            "c.1092_1143del",
            "c.1154_1155insTTGTC",
            "p.(Val617Phe)",
            "p.Val617Phe",
            "p.Trp288Cysfs*12",
            "p.(Arg882His)",
            "p.Gln12*",
            "p.(Leu367fs)",
            "p.?",
            "p.=",
            "p.(Phe594_Arg595ins14)",
        ] {
            assert!(looks_like_hgvs(good), "{good}");
        }
        for odd in
            ["V617F", "c.G1849T", "1849G>T", "p.V617F", "c.", "p.", "c.12", "c.abc", "p.(Val)", "", "c.5_>", "c.>"]
        {
            assert!(!looks_like_hgvs(odd), "{odd}");
        }
    }
}
