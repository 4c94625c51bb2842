package io.github.litestow.sqlite;

import java.util.Optional;

/**
 * What each page of a database was at a transaction, to hold a sealed database against without
 * restoring anything: is shown every page, and says whether all are as they were.
 */
public interface ProvenPages extends PageVisitor {
    /**
     * Returns the transaction, if every page that was shown is as it was then, and what is known of it was
     * learnt by a restore from the replica; empty otherwise.
     */
    Optional<String> provenTxid();
}
