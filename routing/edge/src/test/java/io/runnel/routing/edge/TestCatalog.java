package io.runnel.routing.edge;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordJson;

import java.time.Instant;
import java.util.List;

/** A catalog that grows by what its one region says. */
final class TestCatalog {
    static final RegionId HOME = new RegionId("eu-west");

    private final CatalogHolder holder = new CatalogHolder(System::nanoTime);
    private Position head = Position.start("log1");

    CatalogHolder holder() {
        return holder;
    }

    void say(CatalogRecord... records) {
        for (CatalogRecord record : records) {
            FeedRecord next =
                    HashChain.next(
                            HOME,
                            head,
                            Instant.EPOCH,
                            record.kind().label(),
                            record.key(),
                            RecordJson.write(record));
            head = Position.of(next);
            var unused = holder.apply(List.of(next));
        }
    }
}
