package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ApisTest {
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef SHOP = TaskRef.of("demo", "shop");
    private static final String DOCUMENT = "{\"openapi\":\"3.1.0\",\"é\":\"\\n\"}";

    private final FeedFixture west = new FeedFixture(FeedFixture.WEST, "log1");
    private final FeedFixture east = new FeedFixture(FeedFixture.EAST, "log2");

    private static ApiRevisionRecord revision(int number) {
        return new ApiRevisionRecord(
                SHOP, number, Instant.ofEpochMilli(1_234), PackedText.of(DOCUMENT));
    }

    private static ApiRecord api(int newest, Map<String, ApiStage> stages) {
        return new ApiRecord(SHOP, newest, stages);
    }

    @Test
    void allThatTheySayComesBack() {
        ApiRecord api = api(3, Map.of("live", new ApiStage(2, 1), "dev", ApiStage.of(3)));
        assertEquals("demo/shop", api.key());
        assertEquals(api, RecordJson.read(RecordKind.API, RecordJson.write(api)));
        ApiRevisionRecord third = revision(3);
        assertEquals("demo/shop@3", third.key());
        String json = RecordJson.write(third);
        ApiRevisionRecord read = (ApiRevisionRecord) RecordJson.read(RecordKind.API_REVISION, json);
        assertEquals(third, read);
        assertEquals(json, RecordJson.write(read));
        assertEquals(DOCUMENT, read.document().text(1_000));
        FeedRecord record = west.write(third);
        assertEquals(record, FeedJson.read(FeedJson.write(record)));
    }

    @Test
    void whatNoneCanBeIsNotUnderstood() {
        String good = RecordJson.write(api(3, Map.of("live", new ApiStage(2, 1))));
        for (Map.Entry<String, String> bad :
                Map.of(
                                "\"newest\":3", "\"newest\":1",
                                "\"live\"", "\"a stage\"",
                                "\"revision\":2", "\"revision\":0",
                                "\"before\":1", "\"before\":4",
                                "\"stages\":{", "\"stages\":{\"dev\":7,")
                        .entrySet()) {
            String text = good.replace(bad.getKey(), bad.getValue());
            assertFalse(text.equals(good), bad.getKey());
            assertThrows(CatalogException.class, () -> RecordJson.read(RecordKind.API, text), text);
        }
    }

    @Test
    void aTextIsUnpackedUpToItsLimitAndNoFurther() {
        String text = "é".repeat(500);
        PackedText packed = PackedText.of(text);
        assertTrue(packed.packed().length() < 100, "it is smaller");
        assertEquals(text, packed.text(1_000));
        assertThrows(IllegalArgumentException.class, () -> packed.text(999));
        for (String none : List.of("", "%", "AAAA", packed.packed().substring(0, 16))) {
            assertThrows(
                    IllegalArgumentException.class, () -> new PackedText(none).text(999), none);
        }
    }

    @Test
    void aStageGoesBackToWhatItHad() {
        ApiRecord api = api(3, Map.of()).with("live", 1).with("live", 2).with("live", 2);
        assertEquals(new ApiStage(2, 1), api.stages().get("live"));
        ApiStage back = api.stages().get("live").back().orElseThrow();
        assertEquals(new ApiStage(1, 2), back);
        assertEquals(Optional.of(new ApiStage(2, 1)), back.back());
        assertEquals(Optional.empty(), ApiStage.of(1).back());
        assertEquals(Optional.of(2), api.revision(Qualifier.NONE));
        assertEquals(Optional.of(2), api.revision(Qualifier.of("live")));
        assertEquals(Optional.of(3), api.revision(Qualifier.of(3)));
        assertEquals(Optional.empty(), api.revision(Qualifier.of("dev")));
        assertTrue(api.isHeld(1), "live can go back to it");
        assertTrue(api.isHeld(2));
        assertFalse(api.isHeld(3));
        assertEquals(Map.of(), api.without("live").stages());
    }

    @Test
    void anAccountHasThoseThatWereWrittenLast() {
        Catalog one =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", FeedFixture.WEST)),
                                west.write(revision(1)),
                                west.write(api(1, Map.of("live", ApiStage.of(1)))),
                                west.write(revision(2)),
                                west.write(api(2, Map.of("live", new ApiStage(2, 1))))));
        assertEquals(
                List.of(SHOP), one.apis(DEMO).all().stream().map(it -> it.value().name()).toList());
        assertEquals(5, one.apis(DEMO).api(SHOP.name()).orElseThrow().seq());
        assertEquals(List.of(revision(1), revision(2)), one.apis(DEMO).revisions(SHOP.name()));
        assertEquals(Optional.of(revision(2)), one.apis(DEMO).revision(SHOP.name(), 2));
        assertEquals(Optional.empty(), one.task(SHOP));
        Catalog without = one.with(List.of(west.delete(revision(1))));
        assertEquals(List.of(revision(2)), without.apis(DEMO).revisions(SHOP.name()));
        Catalog none =
                without.with(
                        List.of(
                                west.delete(api(2, Map.of())),
                                west.delete(revision(2)),
                                west.write("api-revision", "demo/shop@0", FeedRecord.DELETED),
                                west.write("api-revision", "demo", FeedRecord.DELETED)));
        assertEquals(List.of(), none.apis(DEMO).all());
        assertEquals(List.of(), none.apis(DEMO).revisions(SHOP.name()));
        assertEquals(2, none.notUnderstood());
    }

    @Test
    void theyGoWhereTheirAccountGoes() {
        Catalog now =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", FeedFixture.WEST)),
                                west.write(revision(1)),
                                west.write(api(1, Map.of("live", ApiStage.of(1)))),
                                east.write(revision(7))));
        assertEquals(
                List.of(revision(1)),
                now.apis(DEMO).revisions(SHOP.name()),
                "as its home tells it");
        Takeover next = now.takeover(DEMO, FeedFixture.EAST);
        assertEquals(List.of(revision(1), api(1, Map.of("live", ApiStage.of(1)))), next.written());
        assertEquals(
                List.of(new Takeover.Deleted(RecordKind.API_REVISION, "demo/shop@7")),
                next.deleted());
    }
}
