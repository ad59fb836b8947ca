//! Who works in the demonstration laboratory, who asks, and whose marrow it is. All of them are invented.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::dice::Dice;
use crate::domain::command::PatientInput;
use crate::domain::{Role, Sex};

/// One member of the staff.
pub(super) struct Staff {
    pub(super) role: Role,
    pub(super) name: &'static str,
    pub(super) full_name: &'static str,
}

const fn staff(role: Role, name: &'static str, full_name: &'static str) -> Staff {
    Staff { role, name, full_name }
}

/// Flow cytometry, morphology, and reception in the morning.
pub(super) const NGUYEN: &str = "t.nguyen";
/// Cytogenetics and FISH.
pub(super) const SORENSEN: &str = "k.sorensen";
/// Molecular diagnostics, histology.
pub(super) const ADEYEMI: &str = "b.adeyemi";
/// Verifies, rejects, decides.
pub(super) const SUPERVISOR: &str = "r.castellano";
/// Reads and signs.
pub(super) const FERREIRA: &str = "l.ferreira";
/// Reads and signs.
pub(super) const HADDAD: &str = "m.haddad";
/// The hospital's interface engine.
pub(super) const BRIDGE: &str = "hl7.bridge";
/// Asks, and is the hematologist who is printed for signing in.
pub(super) const MARLOW: &str = "e.marlow";

/// The staff: first one sign-in for each role, then everybody else.
pub(super) const STAFF: &[Staff] = &[
    staff(Role::Tech, NGUYEN, "Thi Nguyen"),
    staff(Role::Supervisor, SUPERVISOR, "Rosa Castellano"),
    staff(Role::Hematologist, MARLOW, "Dr Elena Marlow"),
    staff(Role::Pathologist, FERREIRA, "Dr Luís Ferreira"),
    staff(Role::Admin, "s.whitlock", "Sam Whitlock"),
    staff(Role::Auditor, "g.petrova", "Galina Petrova"),
    staff(Role::Interface, BRIDGE, "Hospital interface"),
    staff(Role::Tech, SORENSEN, "Kirsten Sørensen"),
    staff(Role::Tech, ADEYEMI, "Bola Adeyemi"),
    staff(Role::Pathologist, HADDAD, "Dr Maya Haddad"),
    staff(Role::Hematologist, "j.okonkwo", "Dr James Okonkwo"),
    staff(Role::Hematologist, "h.lindqvist", "Dr Hanna Lindqvist"),
];

/// Who asks, as often as each name stands here. The last has no account.
pub(super) const REQUESTERS: &[&str] = &[
    MARLOW,
    "j.okonkwo",
    MARLOW,
    "h.lindqvist",
    "j.okonkwo",
    MARLOW,
    "h.lindqvist",
    MARLOW,
    "j.okonkwo",
    "Dr P. Varga, Northgate Hospital",
];

/// Who holds the needle.
pub(super) const OPERATORS: &[&str] =
    &["Dr A. Brandt", "Dr S. Iyer", "ANP L. Whitfield", "Dr C. Moreau", "ANP D. Kaplan"];

/// How a requester is named when somebody was told.
pub(super) fn full_name(name: &str) -> String {
    STAFF.iter().find(|s| s.name == name).map_or_else(|| name.to_owned(), |s| s.full_name.to_owned())
}

/// Names that go together.
#[derive(Clone, Copy)]
struct Names {
    family: &'static [&'static str],
    women: &'static [&'static str],
    men: &'static [&'static str],
}

const NAMES: &[Names] = &[
    Names {
        family: &["Whitaker", "O’Connell", "Hartley", "MacLeod", "Pemberton", "O'Shea", "Llewellyn", "D’Arcy"],
        women: &["Margaret", "Siobhán", "Patricia", "Eileen", "Harriet", "Moira", "Joan"],
        men: &["Graham", "Declan", "Alistair", "Rhys", "Desmond", "Trevor", "Niall"],
    },
    Names {
        family: &["Okafor", "Adebayo", "Mensah", "Nkrumah", "Chukwu", "Osei-Bonsu"],
        women: &["Amara", "Ngozi", "Abena", "Folasade", "Chiamaka"],
        men: &["Kwame", "Emeka", "Tunde", "Kofi", "Obinna"],
    },
    Names {
        family: &["Patel", "Sharma", "Rahman", "Chowdhury", "Venkataraman", "Kaur"],
        women: &["Priya", "Lakshmi", "Farida", "Simran", "Meera"],
        men: &["Rajesh", "Imran", "Arjun", "Harpreet", "Suresh"],
    },
    Names {
        family: &["Nowak", "Wójcik", "Horváth", "Šimić", "Szabó", "Červenka"],
        women: &["Agnieszka", "Zuzanna", "Jana", "Ilona", "Małgorzata"],
        men: &["Łukasz", "Paweł", "Jiří", "Gábor", "Ivo"],
    },
    Names {
        family: &["García Ruiz", "Fernandes", "Di Lorenzo", "Núñez", "D’Angelo", "Saavedra"],
        women: &["Inés", "Conceição", "Giulia", "Pilar", "Ximena"],
        men: &["Joaquín", "João", "Matteo", "Íñigo", "Raúl"],
    },
    Names {
        family: &["Müller", "Jørgensen", "van der Berg", "Åkesson", "Ó Súilleabháin", "Lefèvre"],
        women: &["Ingrid", "Anneliese", "Maaike", "Élodie", "Sólveig"],
        men: &["Jürgen", "Søren", "Pieter", "Benoît", "Torbjörn"],
    },
    Names {
        family: &["Шевченко", "Бондаренко", "Коваленко", "Ткач"],
        women: &["Ольга", "Наталья", "Ганна"],
        men: &["Дмитро", "Олег", "Тарас"],
    },
    Names {
        family: &["王", "李", "陳", "歐陽"], women: &["秀英", "美玲", "淑芬"], men: &["建國", "志明", "文華"]
    },
    Names { family: &["佐藤", "田中", "渡辺"], women: &["花子", "由美"], men: &["健一", "大輔"] },
    Names { family: &["김", "박", "최"], women: &["지영", "수진"], men: &["민준", "성호"] },
    Names {
        family: &["Γεωργίου", "Νικολάου", "Ιωάννου"],
        women: &["Ελένη", "Μαρία", "Σοφία"],
        men: &["Γιώργος", "Νίκος", "Κώστας"],
    },
    Names { family: &["כהן", "לוי", "מזרחי"], women: &["רחל", "מרים"], men: &["דוד", "יעקב"] },
    Names {
        family: &["حداد", "الخطيب", "النجار"], women: &["ليلى", "فاطمة"], men: &["يوسف", "خالد"]
    },
    Names {
        family: &["Al-Masri", "Haddou", "Yılmaz", "Öztürk", "Ben Youssef"],
        women: &["Fatma", "Noor", "Ayşe", "Samira"],
        men: &["Mehmet", "Tariq", "Hüseyin", "Karim"],
    },
    Names {
        family: &["Nguyễn", "Trần", "Santos", "Reyes", "Keōmoku", "Tāwhai"],
        women: &["Thị Hoa", "Marisol", "Leilani", "Aroha"],
        men: &["Văn Minh", "Rodrigo", "Kimo", "Wiremu"],
    },
];

/// Everybody who has been a patient so far; nobody is one twice by accident.
#[derive(Default)]
pub(super) struct Patients {
    taken: BTreeSet<String>,
}

impl Patients {
    /// Somebody new, of about that age.
    pub(super) fn somebody(&mut self, dice: &mut Dice, today: NaiveDate, ages: (i64, i64)) -> PatientInput {
        let sex = if dice.chance(47) { Sex::Female } else { Sex::Male };
        let (mut family, mut given) = ("", "");
        for _ in 0..40 {
            let names = dice.pick(NAMES);
            family = dice.pick(names.family);
            given = if sex == Sex::Female { dice.pick(names.women) } else { dice.pick(names.men) };
            if self.taken.insert(format!("{family}|{given}")) {
                break;
            }
        }
        let mut mrn = String::new();
        for _ in 0..40 {
            mrn = format!("H{:07}", dice.between(1_000_000, 9_999_999));
            if self.taken.insert(mrn.clone()) {
                break;
            }
        }
        let year = today.year() - i32::try_from(dice.between(ages.0, ages.1)).unwrap_or(60);
        let month = dice.amount(1, 12);
        let day = dice.amount(1, 28);
        // Born earlier this year at the youngest; those ages never reach 0 before their birthday.
        let born = NaiveDate::from_ymd_opt(year, month, day);
        PatientInput { mrn, family_name: family.to_owned(), given_name: given.to_owned(), born, sex }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_seven_sign_ins_are_one_per_role() {
        let roles: BTreeSet<Role> = STAFF.iter().take(7).map(|s| s.role).collect();
        assert_eq!(roles.len(), 7);
        assert!(STAFF.len() <= 12);
    }

    #[test]
    fn nobody_is_a_patient_twice_and_no_name_has_a_comma() {
        let (mut patients, mut dice) = (Patients::default(), Dice::new(1, 1));
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let all: Vec<PatientInput> = (0..300).map(|_| patients.somebody(&mut dice, today, (20, 88))).collect();
        let numbers: BTreeSet<&str> = all.iter().map(|p| p.mrn.as_str()).collect();
        assert_eq!(numbers.len(), 300);
        assert!(all.iter().all(|p| p.born.is_some() && !p.family_name.contains(',') && !p.family_name.is_empty()));
        assert!(all.iter().any(|p| p.family_name.contains(['’', '\''])));
        assert!(all.iter().any(|p| !p.family_name.is_ascii()));
    }
}
