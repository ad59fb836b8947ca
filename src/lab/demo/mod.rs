//! placeholder until the demo lands
/// x
pub struct Account { /// x
 pub role: crate::domain::Role, /// x
 pub name: String, /// x
 pub full_name: String, /// x
 pub password: String }
/// x
pub struct Seeded { /// x
 pub accounts: Vec<Account>, /// x
 pub cases: usize, /// x
 pub commands: usize }
/// x
pub fn seed(_: &super::Lab, _: &super::ManualClock, _: u64, _: crate::domain::Moment, _: usize) -> Result<Seeded, super::LabError> { Ok(Seeded{accounts: vec![], cases:0, commands:0}) }
