//! The normal form of a tree. Printing what was parsed and parsing it again gives the same tree.

use std::fmt::{Display, Formatter, Result};

use super::tree::{
    Arm, Band, Breakpoint, Breaks, Cells, Change, Chromosome, Copies, Fish, Hybridization, Item, Join, Joint,
    Karyotype, Kind, Node, Partner, ProbeSet, Range, Rearrangement, Related, Scored, Sexes, Sign, Signal, Text,
};

/// Writes things with something between them.
fn joined<T: Display>(f: &mut Formatter<'_>, all: &[T], between: &str) -> Result {
    for (index, one) in all.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{one}")?;
    }
    Ok(())
}

fn doubt(f: &mut Formatter<'_>, doubtful: bool) -> Result {
    if doubtful { f.write_str("?") } else { Ok(()) }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        joined(f, &self.items, "")
    }
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.join {
            Join::Start => "",
            Join::Slash => "/",
            Join::Donor => "//",
            Join::Stop => ".",
            Join::Loose => " ",
        })?;
        match &self.node {
            Node::Clone(karyotype) => write!(f, "{karyotype}"),
            Node::Fish(fish) => write!(f, "{fish}"),
            Node::Unknown(text) => f.write_str(text),
            Node::Nothing => Ok(()),
        }
    }
}

impl Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.low == self.high { write!(f, "{}", self.low) } else { write!(f, "{}~{}", self.low, self.high) }
    }
}

impl Display for Karyotype {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(origin) = self.origin {
            write!(f, "{origin} ")?;
        }
        if let Some(modal) = self.modal {
            write!(f, "{modal}")?;
        }
        if let Some(level) = self.level {
            write!(f, "<{level}n>")?;
        }
        f.write_str(&self.unread)?;
        if let Some(sex) = &self.sex {
            write!(f, ",{sex}")?;
        }
        for change in &self.changes {
            write!(f, ",{change}")?;
        }
        self.cells.map_or(Ok(()), |cells| write!(f, "{cells}"))
    }
}

impl Display for Sexes {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        doubt(f, self.doubtful)?;
        f.write_str(&self.letters)?;
        f.write_str(if self.constitutional { "c" } else { "" })
    }
}

impl Display for Cells {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "[{}{}]", if self.composite { "cp" } else { "" }, self.count)
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(sign) = self.sign {
            write!(f, "{sign}")?;
        }
        doubt(f, self.doubtful)?;
        if let Some(count) = self.count {
            write!(f, "{count}")?;
        }
        write!(f, "{}", self.kind)?;
        for other in &self.or {
            write!(f, " or {other}")?;
        }
        if let Some(times) = self.times {
            write!(f, "x{times}")?;
        }
        f.write_str(if self.constitutional { "c" } else { "" })?;
        if let Some(inherited) = self.inherited {
            write!(f, "{inherited}")?;
        }
        self.cells.map_or(Ok(()), |cells| write!(f, "[{cells}]"))
    }
}

impl Display for Sign {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Gain => "+",
            Self::Loss => "-",
        })
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Whole(chromosome) => write!(f, "{chromosome}"),
            Self::Rearranged(rearrangement) => write!(f, "{rearrangement}"),
            Self::Marker(Some(number)) => write!(f, "mar{number}"),
            Self::Marker(None) => f.write_str("mar"),
            Self::DoubleMinutes => f.write_str("dmin"),
            Self::Related(Related::Idem) => f.write_str("idem"),
            Self::Related(Related::Stemline) => f.write_str("sl"),
            Self::Related(Related::Sideline(None)) => f.write_str("sdl"),
            Self::Related(Related::Sideline(Some(number))) => write!(f, "sdl{number}"),
            Self::Incomplete => f.write_str("inc"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl Display for Chromosome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::X => f.write_str("X"),
            Self::Y => f.write_str("Y"),
            Self::Autosome(number) => write!(f, "{number}"),
            Self::Unknown => f.write_str("?"),
        }
    }
}

impl Display for Partner {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        doubt(f, self.doubtful)?;
        write!(f, "{}{}", self.chromosome, self.arm.map_or("", Arm::name))
    }
}

impl Display for Rearrangement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        doubt(f, self.doubtful)?;
        if let Some(modifier) = self.modifier {
            write!(f, "{modifier} ")?;
        }
        write!(f, "{}", self.symbol)?;
        if !self.chromosomes.is_empty() {
            f.write_str("(")?;
            joined(f, &self.chromosomes, ";")?;
            f.write_str(")")?;
        }
        write!(f, "{}", self.breaks)?;
        joined(f, &self.parts, "")
    }
}

impl Display for Breaks {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Missing => Ok(()),
            Self::Detailed(text) => write!(f, "({text})"),
            Self::Bands(groups) => {
                f.write_str("(")?;
                for (index, group) in groups.iter().enumerate() {
                    f.write_str(if index > 0 { ";" } else { "" })?;
                    joined(f, group, "")?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Display for Breakpoint {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        doubt(f, self.doubtful)?;
        write!(f, "{}", self.band)?;
        match &self.other {
            None => Ok(()),
            Some((Joint::Or, other)) => write!(f, " or {other}"),
            Some((Joint::To, other)) if other.arm == self.band.arm => write!(f, "~{}", other.name),
            Some((Joint::To, other)) => write!(f, "~{other}"),
        }
    }
}

impl Display for Band {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.arm.map_or("", Arm::name), self.name)
    }
}

impl Display for Fish {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if !self.continued {
            f.write_str(if self.nuclei { "nuc ish" } else { "ish" })?;
            let blank = self.findings.first().is_some_and(|first| !first.target.is_empty());
            f.write_str(if blank { " " } else { "" })?;
        }
        joined(f, &self.findings, ",")
    }
}

impl Display for Hybridization {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.target)?;
        joined(f, &self.sets, "")?;
        self.scored.map_or(Ok(()), |scored| write!(f, "{scored}"))
    }
}

impl Display for ProbeSet {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("(")?;
        for (index, group) in self.groups.iter().enumerate() {
            f.write_str(if index > 0 { ";" } else { "" })?;
            joined(f, group, ",")?;
        }
        f.write_str(")")?;
        self.times.map_or(Ok(()), |times| write!(f, "x{times}"))
    }
}

impl Display for Signal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.probe)?;
        for (link, probe) in &self.linked {
            write!(f, " {link} {probe}")?;
        }
        match self.copies {
            Copies::NotSaid => Ok(()),
            Copies::Count(range) => write!(f, "x{range}"),
            Copies::Amplified => f.write_str(" amp"),
            Copies::Present => f.write_str("+"),
            Copies::Doubled => f.write_str("++"),
            Copies::Absent => f.write_str("-"),
        }
    }
}

impl Display for Scored {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.showing {
            Some(showing) => write!(f, "[{showing}/{}]", self.all),
            None => write!(f, "[{}]", self.all),
        }
    }
}
