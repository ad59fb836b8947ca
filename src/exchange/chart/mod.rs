//! Drawings: one [`Scene`] in points, written as SVG for pages ([`svg`]) and drawn into the PDF (`exchange/pdf`).
//!
//! Color is never the only sign: methods differ in the shape of their marks, and what was not detected is hollow.

mod series;
mod svg;
mod trend;

pub use series::{Plot, Plotted, legend, plot};
pub use svg::svg;
pub use trend::trend;

/// A drawing, in points (1/72 inch), origin at the top left.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// What it is, in a few words.
    pub title: String,
    /// The same in sentences with every value, for those who do not see it.
    pub description: String,
    /// What is drawn, from back to front.
    pub shapes: Vec<Shape>,
}

/// A point of the drawing: right, down.
pub type Place = (f32, f32);

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A straight line.
    Line(Place, Place, Ink),
    /// Joined values.
    Polyline(Vec<Place>),
    /// One value.
    Mark {
        /// Its center.
        at: Place,
        /// Its outline, one for each method.
        form: Form,
        /// Filled when there is a value, hollow when nothing was detected.
        filled: bool,
    },
    /// Words, 7.5 points high.
    Words {
        /// Where the baseline begins, ends, or has its middle.
        at: Place,
        /// Which of these.
        anchor: Anchor,
        /// What.
        text: String,
    },
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// A scale.
    Axis,
    /// A line to read values by.
    Grid,
}

/// The outline of a mark, 6 points across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A circle.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle.
    Triangle,
}

impl Form {
    /// Its corners around a center; a circle has none and is drawn round.
    pub fn corners(self, (x, y): Place) -> Vec<Place> {
        match self {
            Self::Circle => Vec::new(),
            Self::Square => vec![(x - 2.7, y - 2.7), (x + 2.7, y - 2.7), (x + 2.7, y + 2.7), (x - 2.7, y + 2.7)],
            Self::Diamond => vec![(x, y - 3.6), (x + 3.6, y), (x, y + 3.6), (x - 3.6, y)],
            Self::Triangle => vec![(x, y - 3.4), (x + 3.4, y + 2.8), (x - 3.4, y + 2.8)],
        }
    }
}

/// Radius of a round mark, points.
pub const RADIUS: f32 = 3.0;
/// Height of words, points.
pub const WORDS: f32 = 7.5;

/// Where words are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At their beginning.
    Start,
    /// In their middle.
    Middle,
    /// At their end.
    End,
}
