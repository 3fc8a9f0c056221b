//! The assistant on the small catalogue, once for each test binary.

use std::sync::{Arc, LazyLock};

use assistant_nlu::{Models, Understander};
use channel_assistant::Dialogue;
use gateway_catalogue::ProcedureCatalogue;
use gateway_core::domain::DossierNumberParser;

pub(crate) struct House {
    pub(crate) catalogue: Arc<ProcedureCatalogue>,
    pub(crate) dialogue: Dialogue,
}

pub(crate) static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let catalogue = Arc::new(ProcedureCatalogue::builtin());
    let numbers = DossierNumberParser::default();
    let understander = Understander::new(numbers.clone(), Arc::clone(&catalogue), Models::compiled_in().unwrap());
    House { dialogue: Dialogue::new(Arc::new(understander), numbers), catalogue }
});
