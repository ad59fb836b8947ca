-- Who has set an order up: whoever started the try that has not failed. For lists of one's own work; and lists by due time.
ALTER TABLE orders ADD COLUMN worker uuid;

UPDATE orders SET worker = (body #>> '{attempts,-1,started_by,id}')::uuid
WHERE body #>> '{attempts,-1,started_by,id}' IS NOT NULL AND body #>> '{attempts,-1,failed}' IS NULL;

CREATE INDEX orders_due ON orders (department, due_at, id)
    WHERE state IN ('ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted', 'in_review',
        'referred_out', 'needs_recollect', 'failed');
-- What the views of a bench's list count, without reading the orders themselves.
CREATE INDEX orders_tallied ON orders (department, overdue, state, worker, id)
    WHERE state IN ('ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted', 'in_review',
        'referred_out', 'needs_recollect', 'failed');
CREATE INDEX results_drafts ON results (entered_by, order_id)
    WHERE state = 'draft';
CREATE INDEX cases_due ON cases (due_at, id);
