//! The thread that lays sheets out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use kiosk_client::Clock;
use kiosk_devices::printer::{Printer, Raster};

use super::sheet::{Press, PressProblem};
use super::{Jobs, Order, of_problem};
use crate::flow::Event;
use crate::flow::ports::{AskId, NotPrinted};
use crate::machine::Hear;

/// What the thread has.
pub(super) struct Desk {
    pub(super) printer: Printer,
    pub(super) jobs: Jobs,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hear: Hear,
}

impl Desk {
    /// Until the port is dropped.
    pub(super) fn serve(self, orders: &Receiver<Order>) {
        // Made with the first sheet: a terminal that prints nothing has no
        // second set of fonts.
        let mut press = None;
        while let Ok(order) = orders.recv() {
            // Slint's own code may fail on a sheet: the next one starts anew.
            let laid = catch_unwind(AssertUnwindSafe(|| self.lay(&order, &mut press)));
            let handed = match laid {
                Ok(Ok(sheet)) => self.hand_in(order.id, sheet),
                Ok(Err(problem)) => {
                    tracing::error!(%problem, "a sheet was not laid out");
                    Err(if problem.is_too_long() { NotPrinted::TooLong } else { NotPrinted::Unable })
                }
                Err(_) => {
                    press = None;
                    Err(NotPrinted::Unable)
                }
            };
            if let Err(why) = handed {
                (self.hear)(Event::Printed(order.id, Err(why)));
            }
        }
    }

    fn lay(&self, order: &Order, press: &mut Option<Press>) -> Result<Raster, PressProblem> {
        let press = match press {
            Some(press) => press,
            None => press.insert(Press::new()?),
        };
        press.lay(&order.job, order.locale, &order.head, self.clock.now())
    }

    fn hand_in(&self, id: AskId, sheet: Raster) -> Result<(), NotPrinted> {
        let mut jobs = self.jobs.lock();
        let job = self.printer.print(sheet).map_err(of_problem)?;
        jobs.insert(job, id);
        Ok(())
    }
}
