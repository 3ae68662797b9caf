package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.runnel.exec.http.EdgeTarget;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** What is remembered of calls, and for how long. */
final class KnownRoutesTest {
    private final KnownRoutes known = new KnownRoutes();
    private final Catalog catalog = another();

    private static Catalog another() {
        return Catalog.EMPTY.withoutOrigin(new RegionId("eu-west"));
    }

    private static ApiFront.Found found(String path) {
        return ApiFront.Found.none(
                new EdgeTarget.ApiCall(TaskRef.of("acme", "shop"), Qualifier.NONE, path));
    }

    @Test
    void aCallIsKnownInItsCatalogOnly() {
        ApiFront.Found found = found("/a");
        known.keep(catalog, "GET h/api/acme/shop/a", found);
        assertSame(found, known.find(catalog, "GET h/api/acme/shop/a").orElseThrow());
        assertEquals(Optional.empty(), known.find(catalog, "DELETE h/api/acme/shop/a"));
        Catalog next = another();
        assertEquals(Optional.empty(), known.find(next, "GET h/api/acme/shop/a"));
        known.keep(next, "GET h/api/acme/shop/b", found("/b"));
        assertEquals(Optional.empty(), known.find(catalog, "GET h/api/acme/shop/b"));
        assertEquals(Optional.empty(), known.find(next, "GET h/api/acme/shop/a"));
    }

    @Test
    void manyAreForgotten() {
        for (int i = 0; i < KnownRoutes.MOST; i++) {
            known.keep(catalog, "GET h/" + i, found("/" + i));
        }
        assertEquals("/0", known.find(catalog, "GET h/0").orElseThrow().target().rest());
        known.keep(catalog, "GET h/more", found("/more"));
        assertEquals(Optional.empty(), known.find(catalog, "GET h/0"));
        assertEquals("/more", known.find(catalog, "GET h/more").orElseThrow().target().rest());
    }

    @Test
    void longPathsAreNotKept() {
        String path = "GET h/" + "x".repeat(300);
        known.keep(catalog, path, found("/x"));
        assertEquals(Optional.empty(), known.find(catalog, path));
    }
}
