//! The changes of the demo: one done everywhere, one that waits before prod, one that failed, one in review, one draft.

use std::sync::Arc;

use anyhow::Result;
use app::{App, Cx};
use store::rows::{ChangeDatabase, Spec, SpecConfig};

use super::{DBA, DEV, PROJECT, as_user};

/// What the application had before.
pub(super) const LEGACY: &str = "
CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  price_cents INTEGER NOT NULL CHECK (price_cents >= 0)
);
CREATE TABLE purchase (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  product_id INTEGER NOT NULL REFERENCES product (id),
  quantity INTEGER NOT NULL DEFAULT 1,
  placed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX purchase_customer ON purchase (customer_id, placed_at);
CREATE VIEW revenue AS
  SELECT p.sku, SUM(b.quantity * p.price_cents) AS cents FROM purchase b JOIN product p ON p.id = b.product_id GROUP BY p.sku;
INSERT INTO customer (email, name) VALUES
  ('ines@example.com', 'Inês Almeida'), ('oluwaseun@example.com', 'Oluwaseun Adeyemi'), ('mai@example.com', 'Mai Nguyen');
INSERT INTO product (sku, title, price_cents) VALUES
  ('BAS-001', 'Basalt coaster', 1200), ('BAS-002', 'Basalt mortar', 4900), ('OBS-001', 'Obsidian paperweight', 3500);
INSERT INTO purchase (customer_id, product_id, quantity) VALUES (1, 1, 4), (1, 3, 1), (2, 2, 1), (3, 1, 2);
";

const SHIPPING: &str = "-- Where a purchase goes to, and when it left the house.
CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  purchase_id INTEGER NOT NULL REFERENCES purchase (id),
  address TEXT NOT NULL,
  shipped_at TEXT
);
CREATE INDEX shipment_purchase ON shipment (purchase_id);
";

const LOYALTY: &str = "ALTER TABLE customer ADD COLUMN loyalty_points INTEGER NOT NULL DEFAULT 0;
UPDATE customer SET loyalty_points = 100 WHERE id IN (SELECT customer_id FROM purchase);
";

const BROKEN: &str = "CREATE TABLE coupon (
  code TEXT PRIMARY KEY,
  percent INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 90)
);
INSERT INTO cupon (code, percent) VALUES ('WELCOME', 10);
";

const RATINGS: &str = "CREATE TABLE rating (
  product_id INTEGER NOT NULL REFERENCES product (id),
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  PRIMARY KEY (product_id, customer_id)
);
";

/// Files the changes as people would; what is to run is executed when the runners start.
pub(super) async fn make(app: &Arc<App>) -> Result<()> {
    let dev = as_user(app, DEV);
    let dba = as_user(app, DBA);
    let done = plan(&dev, "Keep shipments of purchases", SHIPPING, &["test", "prod"]).await?;
    issue(
        &dev,
        done,
        "Purchases get a shipment, so that support can answer where a parcel is.",
        false,
    )
    .await?;
    roll_out(&dba, done, &["test", "prod"]).await?;
    let half = plan(&dev, "Loyalty points for customers", LOYALTY, &["test", "prod"]).await?;
    issue(&dev, half, "Every customer who bought before starts with 100 points.", false).await?;
    roll_out(&dba, half, &["test"]).await?;
    let broken = plan(&dev, "Coupons", BROKEN, &["test", "prod"]).await?;
    issue(&dev, broken, "", false).await?;
    roll_out(&dba, broken, &["test"]).await?;
    let review = plan(&dev, "Ratings for products", RATINGS, &["test", "prod"]).await?;
    issue(&dev, review, "One rating a customer and product.", false).await?;
    plan(
        &dev,
        "Remember when a customer was last seen",
        "ALTER TABLE customer ADD COLUMN last_seen_at TEXT;\n",
        &["test"],
    )
    .await?;
    Ok(())
}

async fn plan(cx: &Cx, title: &str, script: &str, environments: &[&str]) -> Result<i64> {
    let parent = format!("projects/{PROJECT}");
    let sheet = app::sheet::create(cx, &parent, script.as_bytes().to_vec()).await?;
    let change = ChangeDatabase {
        targets: environments
            .iter()
            .map(|e| format!("instances/shop-{e}/databases/shop"))
            .collect(),
        sheet: format!("{parent}/sheets/{}", sheet.sha256),
        ..ChangeDatabase::default()
    };
    let spec = Spec { id: cx.app.new_id(), config: SpecConfig::ChangeDatabase(change) };
    let new = app::plan::NewPlan {
        project: PROJECT.into(),
        title: title.into(),
        description: String::new(),
        specs: vec![spec],
        hotfix: String::new(),
    };
    Ok(app::plan::create(cx, new).await?.plan.id)
}

async fn issue(cx: &Cx, plan: i64, description: &str, draft: bool) -> Result<()> {
    let new = app::issue::create::NewIssue {
        project: PROJECT.into(),
        plan: Some(plan),
        title: String::new(),
        description: description.into(),
        labels: Vec::new(),
        draft,
    };
    app::issue::create::create(cx, new).await?;
    Ok(())
}

async fn roll_out(cx: &Cx, plan: i64, run: &[&str]) -> Result<()> {
    let ask = app::rollout::create::Ask { project: PROJECT.into(), plan, ..Default::default() };
    let rollout = app::rollout::create::create(cx, ask).await?;
    for stage in rollout.stages.iter().filter(|s| run.contains(&s.id.as_str())) {
        let parent = format!("projects/{PROJECT}/plans/{plan}/rollout/stages/{}", stage.id);
        let ask = app::rollout::run_tasks::Ask {
            tasks: stage.tasks.iter().map(|t| format!("{parent}/tasks/{}", t.task.id)).collect(),
            parent,
            ignore_stage_order: true,
            reason: "sample data".into(),
            ..app::rollout::run_tasks::Ask::default()
        };
        app::rollout::run_tasks::run(cx, ask).await?;
    }
    Ok(())
}
