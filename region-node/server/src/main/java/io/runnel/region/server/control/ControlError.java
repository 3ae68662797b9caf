package io.runnel.region.server.control;

import io.runnel.exec.http.ProblemCode;
import io.runnel.exec.isolate.CodeRejectedException;

import java.util.Locale;

/** Every way in which a call of the control API fails that no call at the edge does. */
public enum ControlError implements ProblemCode {
    /**
     * A field of the body, a parameter or a header is not what it should be; named in the detail.
     */
    INVALID_REQUEST(400, "A part of the request is not what it should be."),
    /** No such account, or no right to know of it. */
    ACCOUNT_NOT_FOUND(404, "There is no such account."),
    /** The account has no such key. */
    KEY_NOT_FOUND(404, "There is no such key."),
    /** The task has no such grant. */
    GRANT_NOT_FOUND(404, "There is no such grant."),
    /** The account has agreed to nothing of this task's owner. */
    AGREEMENT_NOT_FOUND(404, "There is no such agreement."),
    /** The account has no such trust. */
    TRUST_NOT_FOUND(404, "There is no such trust."),
    /** A token of somebody else is not believed, or not for this. */
    TOKEN_REJECTED(401, "This token is not good for that."),
    /** Who issued a token does not tell by which keys. */
    ISSUER_UNREACHABLE(502, "The token's issuer cannot be asked."),
    /** The task or the account has no such alias. */
    ALIAS_NOT_FOUND(404, "There is no such alias."),
    /** The account has no such schedule. */
    SCHEDULE_NOT_FOUND(404, "There is no such schedule."),
    /** The account has no such API. */
    API_NOT_FOUND(404, "There is no such API."),
    /** The API has no such stage. */
    STAGE_NOT_FOUND(404, "There is no such stage."),
    /** The API has no such revision, or no more. */
    REVISION_NOT_FOUND(404, "There is no such revision."),
    /** The stage has had one revision only. */
    NOTHING_BEFORE(409, "The stage has nothing to go back to."),
    /** A route of an API of the account leads to it. */
    USED_BY_API(409, "An API of the account leads to it."),
    /** The task has no such version, or no more. */
    VERSION_NOT_FOUND(404, "There is no such version."),
    /** The account never brought these bytes here. */
    BLOB_NOT_FOUND(404, "There is no such blob."),
    /** Nothing is known of this version's way to the nodes. */
    ROLLOUT_NOT_FOUND(404, "Nothing is known of this rollout."),
    /** The region's authority certifies no node of this name. */
    NODE_NOT_FOUND(404, "There is no such node."),
    /** The name is taken. */
    ACCOUNT_EXISTS(409, "There is an account of this name."),
    /** The account calls something else by this name. */
    NAME_TAKEN(409, "The account has something else of this name."),
    /** Another writer came first, several times. */
    CONFLICT(409, "Another change came in between."),
    /** The account's home is there already. */
    ALREADY_HOME(409, "The account is at home there already."),
    /** The account's home lives, and has not said that it writes no more for it. */
    NOT_RELEASED(409, "The account's home has not let go of it."),
    /** The region lacks something of the account that others have. */
    BEHIND(409, "The region does not have all that is known of the account."),
    /** The key is the one that this request is proved by. */
    KEY_IN_USE(409, "The key cannot delete itself."),
    /** The first request of the same key is still under way. */
    REQUEST_IN_PROGRESS(409, "A request with this Idempotency-Key is under way."),
    /** The thing is not at the version that If-Match names. */
    PRECONDITION_FAILED(412, "It was changed since it was read."),
    /** The body is of another media type. */
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be application/json."),
    /** The bytes that came are not those of the digest in the path. */
    DIGEST_MISMATCH(422, "The bytes are not those of the digest."),
    /** The same Idempotency-Key came with another request before. */
    REQUEST_KEY_REUSED(422, "This Idempotency-Key was used for another request."),
    /** No runtime here runs such code. */
    UNSUPPORTED_RUNTIME(422, "There is no such runtime."),
    /** The code is not what its runtime takes. */
    CODE_MALFORMED(422, "The code is not of its format."),
    /** The code is larger than it may be. */
    CODE_TOO_LARGE(422, "The code is too large."),
    /** The code asks for what no task gets. */
    UNKNOWN_IMPORT(422, "The code needs an import that no task gets."),
    /** The code has no entry point. */
    NO_ENTRY(422, "The code has no entry point."),
    /** The code asks for more memory at its start than its limit. */
    CODE_MEMORY(422, "The code needs more memory than its limit."),
    /** The code takes too much to be made ready. */
    COMPILE_LIMIT(422, "The code takes too much to compile."),
    /** The code uses what its runtime lacks. */
    CODE_UNSUPPORTED(422, "The code uses a feature that is not supported."),
    /** The task's owner says nothing of its events. */
    EVENT_RULE_NOT_FOUND(404, "Nothing is said of the task's events."),
    /** There are as many as there may be. */
    LIMIT_REACHED(422, "There are as many as there may be."),
    /** The audit log was changed behind the region's back: its authority does nothing by it. */
    AUDIT_BROKEN(500, "The audit log is not what was written."),
    /** A request that was relayed came to a region that cannot do it either. */
    NOT_HOME(502, "The request came to a region that is not its account's home."),
    /** The account is closed for good. */
    ACCOUNT_CLOSED(409, "The account is closed."),
    /** The account's home region does not answer. */
    HOME_UNREACHABLE(503, "The account's home region cannot be reached."),
    /** The region's nodes have no authority's key. */
    NO_AUTHORITY(503, "This region has no authority."),
    /** The account leaves its home and has not come to the next one yet. */
    ACCOUNT_MOVING(503, "The account is being moved to another region."),
    /** No other region has confirmed since the node started; nothing was written. */
    NOT_CONFIRMED(503, "No other region has confirmed yet whose home this region is."),
    /** This node does not see most of its region's nodes; nothing was written. */
    MINORITY(503, "This node is cut off from most of its region's nodes, and does not write."),
    /** No other node of the region could take the code; nothing was published. */
    NO_SECOND_COPY(503, "No other node of the region could take the code."),
    /** The disk is full: nothing was published. */
    STORAGE_FULL(507, "There is no room to store this.");

    private final int status;
    private final String title;
    private final String label;

    ControlError(int status, String title) {
        this.status = status;
        this.title = title;
        this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How the rejection of code is told. */
    static ControlError of(CodeRejectedException.Code code) {
        return switch (code) {
            case MALFORMED -> CODE_MALFORMED;
            case TOO_LARGE -> CODE_TOO_LARGE;
            case UNKNOWN_IMPORT -> UNKNOWN_IMPORT;
            case NO_ENTRY -> NO_ENTRY;
            case MEMORY -> CODE_MEMORY;
            case COMPILE_LIMIT -> COMPILE_LIMIT;
            case UNSUPPORTED -> CODE_UNSUPPORTED;
        };
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
