/** The port that PostgreSQL listens on. */
export const DATABASE_PORT = 5432;

/** The administrator: not `postgres`, which is what everybody tries first. AWS replaces a database for it. */
export const MASTER_USERNAME = "dbadmin";

/** The Kubernetes Secret with the administrator's credentials, for Jobs alone. */
export const MASTER_SECRET = "db-master";

/** What AWS's rotation appends to the name of the second of two users that take turns. */
export const CLONE_SUFFIX = "_clone";

/** The database inside the instance: `voiceassist`. AWS replaces a database for it, so it follows `app` alone. */
export const databaseName = (app: string): string => app.replaceAll("-", "_");

/**
 * The role that owns everything in the database. Nobody logs in as it: whoever of the two users of
 * {@link databaseUser} is current acts as it, so that what one of them makes, the other may alter.
 */
export const databaseOwner = (app: string): string => `${databaseName(app)}_owner`;

/** The user that the services log in as; after every second rotation it is its clone. */
export const databaseUser = (app: string): string => `${databaseName(app)}_app`;
