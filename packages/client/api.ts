// Generated from the OpenAPI document by `npm run dev -- client`. Do not edit it.

export interface paths {
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Health check, with the version */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The app is running. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                            name: string;
                            stage: string;
                            version: string;
                            commit: string;
                            /** Format: date-time */
                            time: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/watch/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a share link: URLs that play one video and are valid for a minute; requires no sign-in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    address: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        password?: string;
                        pass?: string;
                    };
                };
            };
            responses: {
                /** @description The video. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Opened"];
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/watch/{address}/poster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redirect to the poster of a share link that allows previews */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    address: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The picture, at a URL that is valid for a minute. */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oembed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a share link that allows previews shows where it is posted, as oEmbed */
        get: {
            parameters: {
                query: {
                    url: string;
                    maxwidth?: number;
                    maxheight?: number;
                    format?: "json";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A video, or a link if no site may embed it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OEmbed"];
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redirect to the sign-in provider, and from there to a page of the site */
        get: {
            parameters: {
                query?: {
                    returnTo?: string;
                    prompt?: "login";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the provider, to a page of the site, or to the sign-in page. */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description To the provider, to a page of the site, or to the sign-in page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Callback for the sign-in provider */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the provider, to a page of the site, or to the sign-in page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session; returns the URL that also ends the provider's session */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The session is ended. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            location: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of your uploads of one status, newest first
         * @description A signed-in admin can set another `owner`.
         */
        get: {
            parameters: {
                query?: {
                    status?: "open" | "completing" | "completed" | "aborted" | "expired";
                    owner?: string;
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            uploads: components["schemas"]["Upload"][];
                            cursor?: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Start uploads: plans and first URLs, in the order of the files
         * @description Within 24 hours, the same `Idempotency-Key` with the same files returns the same uploads.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        files: {
                            name: string;
                            sizeBytes: number;
                            contentType: string;
                            fingerprint?: string;
                            /** @description What to make of the file: a name of `GET /profiles`. */
                            profile?: string;
                            /** @description The tags that the video gets. Those that differ only in case or accents are the same. */
                            tags?: string[];
                            /** @description The file's checksum. If the plan is `single`, the request is signed with it. */
                            crc64nvme?: string;
                            /** @description True if no upload is to start for a file that one of your videos with this profile was made of. The result is then that video. */
                            onlyNew?: boolean;
                        }[];
                        /** @description True if you sign every request with a checksum. A file with `crc64nvme` then gets its single PUT, and any other file gets no request before you call `sign`. */
                        checksums?: boolean;
                    };
                };
            };
            responses: {
                /** @description One result for each file: the upload, the error, or the video that exists. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            results: ({
                                upload: components["schemas"]["Upload"];
                                requests: components["schemas"]["SignedRequest"][];
                            } | {
                                error: {
                                    /** @enum {string} */
                                    code: "request.invalid" | "request.too_large" | "request.type" | "request.foreign" | "route.not_found" | "route.method" | "actor.required" | "actor.scope" | "actor.person" | "actor.admin" | "rate.limited" | "signin.state" | "signin.denied" | "signin.invalid" | "signin.clock" | "signin.unavailable" | "signin.issuer" | "signin.groups" | "signin.email" | "user.disabled" | "user.not_found" | "user.self" | "session.not_found" | "token.not_found" | "token.too_many" | "key.not_found" | "key.too_many" | "key.unsupported" | "share.not_found" | "share.password" | "share.too_many" | "quota.uploads" | "quota.bytes" | "queue.not_found" | "idempotency.reused" | "upload.not_found" | "upload.empty" | "upload.too_large" | "upload.closed" | "upload.part_unknown" | "upload.incomplete" | "upload.checksum" | "job.not_found" | "job.state" | "job.tags" | "job.source_replaced" | "job.source_missing" | "captions.invalid" | "captions.not_found" | "captions.too_many" | "poster.invalid" | "profile.unknown" | "cursor.invalid" | "sort.preparing" | "storage.full" | "service.unavailable" | "internal";
                                    message: string;
                                };
                            } | {
                                existing: components["schemas"]["ExistingVideo"];
                            })[];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One upload, with its job if it exists */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The upload. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            upload: components["schemas"]["Upload"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Abort an upload */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The upload is aborted and its parts are deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{id}/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a batch of parts, or the single PUT
         * @description A request that is signed with a checksum has the header `x-amz-checksum-crc64nvme`. If other bytes arrive, S3 returns 400 `BadDigest` and stores nothing: send it again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        partNumbers?: number[];
                        /** @description Parts with their checksums. S3 rejects a part that arrives with other bytes. */
                        parts?: {
                            partNumber: number;
                            /** @description Base64 of the big-endian CRC-64/NVME, as S3's `x-amz-checksum-crc64nvme`. */
                            crc64nvme: string;
                        }[];
                        /** @description The checksum of the file, for the single PUT. */
                        crc64nvme?: string;
                    };
                };
            };
            responses: {
                /** @description The requests to send. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            requests: components["schemas"]["SignedRequest"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The parts that have arrived */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Parts. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            parts: {
                                partNumber: number;
                                etag: string;
                                sizeBytes: number;
                                crc64nvme?: string;
                            }[];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Complete an upload after all bytes are sent; safe to repeat */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description The checksum of the file. S3 compares it with the parts of a multipart upload. Send it too if a single PUT returned 412. */
                        crc64nvme?: string;
                    };
                };
            };
            responses: {
                /** @description The upload is `completing` until its object event arrives. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            upload: components["schemas"]["Upload"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be made of a file, and the profile of files for which nobody chooses one */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The profiles. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            profiles: components["schemas"]["Profile"][];
                            default: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of your jobs, or of those that match a search; with changedSince, the jobs that changed since then
         * @description A page of a search, or of an order by length or size, reads a limited number of rows, so it can have fewer jobs than `limit` and still a `cursor`. A signed-in admin can set another `owner`.
         */
        get: {
            parameters: {
                query?: {
                    status?: "received" | "submitted" | "progressing" | "checking" | "complete" | "error" | "canceled" | "rejected";
                    /** @description Words of the title, the tags and the file name. The last one can be a beginning. */
                    q?: string;
                    /** @description Only videos with this tag. */
                    tag?: string;
                    /** @description `length` and `size` are descending. A search, also for a tag, is always sorted by `newest`. */
                    sort?: "newest" | "oldest" | "name" | "length" | "size";
                    cursor?: string;
                    limit?: number;
                    changedSince?: string;
                    owner?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page with `now`, a time to follow changes from; or the changes, which can overlap. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            jobs: components["schemas"]["Job"][];
                            cursor?: string;
                            now: string;
                        } | {
                            changes: components["schemas"]["Change"][];
                            nextSince: string;
                            more: boolean;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many jobs you have in each status and with each tag
         * @description The count of a status ends at `most`: it may have more jobs. Those of tags are exact, and there are at most `most` of them. A signed-in admin can set another `owner`.
         */
        get: {
            parameters: {
                query?: {
                    owner?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The counts. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Counts"];
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete many jobs; returns an error for each that could not be deleted */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ids: string[];
                    };
                };
            };
            responses: {
                /** @description The deleted jobs, and the errors. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deleted: string[];
                            failed: {
                                id: string;
                                code: string;
                                message: string;
                            }[];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job with its renditions and its timeline */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: components["schemas"]["Job"];
                            renditions: components["schemas"]["Rendition"][];
                            events: components["schemas"]["Event"][];
                            chapters?: {
                                startMs: number;
                                title: string;
                            }[];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a job, its source and its renditions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job is deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Rename a job, add tags to it, and remove tags */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        title?: string;
                        /** @description Tags that differ only in case or accents are the same. */
                        addTags?: string[];
                        removeTags?: string[];
                    };
                };
            };
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: components["schemas"]["Job"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/jobs/{id}/playback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Short-lived signed URLs of every rendition */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The URLs. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Playback"];
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry a job that has ended, as a new attempt under new keys */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description Another profile for the new attempt: a name of `GET /profiles`. */
                        profile?: string;
                    };
                };
            };
            responses: {
                /** @description The request is accepted. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: components["schemas"]["Job"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job that has not ended */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request is accepted. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: components["schemas"]["Job"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/captions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The captions that were added to a video, oldest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Captions. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            captions: components["schemas"]["Captions"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Add a WebVTT or SubRip (SRT) file to a video as captions
         * @description At most 1 MB, in UTF-8, UTF-16 with a byte order mark, or Latin-1.
         */
        post: {
            parameters: {
                query: {
                    language: string;
                    name?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/vtt": string;
                    "application/x-subrip": string;
                };
            };
            responses: {
                /** @description The captions. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            captions: components["schemas"]["Captions"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/captions/{captions}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove captions from a video */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    captions: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They are removed. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change the name or the language of captions */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    captions: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        language?: string;
                        name?: string;
                    };
                };
            };
            responses: {
                /** @description The captions. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            captions: components["schemas"]["Captions"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/jobs/{id}/poster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a picture the poster of a video
         * @description A JPEG of at most 1 MB, with 16 to 4096 pixels on each side.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "image/jpeg": string;
                };
            };
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: components["schemas"]["Job"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        /** Return to the poster that was made with the renditions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: components["schemas"]["Job"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The active share links of a video, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Shares. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            shares: components["schemas"]["Share"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Create a share link, which plays a video without sign-in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        expiresInHours?: number;
                        password?: string;
                        /** @default [] */
                        origins?: string[];
                        allowsOriginal?: boolean;
                        allowsDownloads?: boolean;
                        allowsPreview?: boolean;
                    };
                };
            };
            responses: {
                /** @description The share. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            share: components["schemas"]["Share"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/shares/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a share link; its playback URLs expire within a minute */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It no longer works. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your account and usage */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The account. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"];
                            usage: components["schemas"]["Usage"];
                            mailHeld?: components["schemas"]["MailHold"];
                            signIn: boolean;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/mail-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Resume email to your address after a bounce or a spam complaint */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Email is resumed. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your sessions, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Sessions. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sessions: components["schemas"]["Session"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of your sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The session is ended. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your active API tokens, newest first; requires a session */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Tokens. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tokens: components["schemas"]["Token"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Create an API token; requires a session */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        scopes: ("upload" | "read" | "manage" | "share" | "keys")[];
                        expiresInDays: number;
                    };
                };
            };
            responses: {
                /** @description The token, and its secret, which is returned only once. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            token: components["schemas"]["Token"];
                            /** @description The bearer token. It is returned only once. */
                            secret: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke one of your API tokens; requires a session */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It no longer works. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All access keys for S3 tools, newest first; admins only, and not on AWS */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Access keys. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: components["schemas"]["AccessKey"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Create an access key that puts footage into the uploads bucket; admins only, and not on AWS */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        ownerId?: string;
                    };
                };
            };
            responses: {
                /** @description The key, its secret, which is returned only once, and where tools reach S3. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: components["schemas"]["AccessKey"];
                            /** @description The secret access key. It is returned only once. */
                            secret: string;
                            /** Format: uri */
                            endpoint: string;
                            bucket: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an access key; S3 rejects it within seconds; admins only, and not on AWS */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It no longer works. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of all users, by email address; admins only */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            users: components["schemas"]["ListedUser"][];
                            cursor?: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}/mail-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Resume email to a user after a bounce or a spam complaint; admins only */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Email is resumed. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One user; admins only */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The user. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Disable a user, with all sessions and tokens, or enable a user; admins only */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        disabled: boolean;
                    };
                };
            };
            responses: {
                /** @description The user. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/admin/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End all sessions of a user; admins only */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All sessions are ended. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the audit log of a day (UTC; default: today), newest first; admins only */
        get: {
            parameters: {
                query?: {
                    day?: string;
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: components["schemas"]["AuditEvent"][];
                            cursor?: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dead-letter messages by queue, newest first; admins only */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Every queue. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            queues: components["schemas"]["DeadLetterQueue"][];
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redrive a dead-letter queue; admins only */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        queue: string;
                    };
                };
            };
            responses: {
                /** @description The number of messages that were sent again. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Redriven"];
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deployments and their approvals, newest first; admins only */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deployments: components["schemas"]["Deployment"][];
                            cursor?: string;
                        };
                    };
                };
                /** @description The request does not match its schema. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Opened: {
            title: string;
            durationSeconds?: number;
            pass?: string;
            playback: {
                /** Format: date-time */
                expires: string;
                complete: boolean;
                /** Format: uri */
                posterUrl?: string;
                hls?: {
                    /** Format: uri */
                    url: string;
                    /** Format: date-time */
                    expires: string;
                };
                source?: {
                    /** Format: uri */
                    url: string;
                    type: string;
                };
                captions?: {
                    id: string;
                    language: string;
                    name: string;
                    /** Format: uri */
                    url: string;
                }[];
                chapters?: {
                    startMs: number;
                    title: string;
                }[];
                renditions: {
                    /** @enum {string} */
                    label: "hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster";
                    /** @enum {string} */
                    kind: "mp4" | "audio";
                    /** Format: uri */
                    url: string;
                    /** Format: uri */
                    downloadUrl?: string;
                    width?: number;
                    height?: number;
                }[];
            };
        };
        /** @description A code from a closed list, and a message that says what to do. */
        Error: {
            /** @enum {string} */
            code: "request.invalid" | "request.too_large" | "request.type" | "request.foreign" | "route.not_found" | "route.method" | "actor.required" | "actor.scope" | "actor.person" | "actor.admin" | "rate.limited" | "signin.state" | "signin.denied" | "signin.invalid" | "signin.clock" | "signin.unavailable" | "signin.issuer" | "signin.groups" | "signin.email" | "user.disabled" | "user.not_found" | "user.self" | "session.not_found" | "token.not_found" | "token.too_many" | "key.not_found" | "key.too_many" | "key.unsupported" | "share.not_found" | "share.password" | "share.too_many" | "quota.uploads" | "quota.bytes" | "queue.not_found" | "idempotency.reused" | "upload.not_found" | "upload.empty" | "upload.too_large" | "upload.closed" | "upload.part_unknown" | "upload.incomplete" | "upload.checksum" | "job.not_found" | "job.state" | "job.tags" | "job.source_replaced" | "job.source_missing" | "captions.invalid" | "captions.not_found" | "captions.too_many" | "poster.invalid" | "profile.unknown" | "cursor.invalid" | "sort.preparing" | "storage.full" | "service.unavailable" | "internal";
            message: string;
        };
        OEmbed: {
            /** @enum {string} */
            version: "1.0";
            /** @enum {string} */
            type: "video" | "link";
            title: string;
            /** @enum {string} */
            provider_name: "Rushes";
            html?: string;
            width?: number;
            height?: number;
            /** Format: uri */
            thumbnail_url?: string;
            thumbnail_width?: number;
            thumbnail_height?: number;
            duration?: number;
        };
        Upload: {
            id: string;
            fileName: string;
            sizeBytes: number;
            contentType: string;
            /** @enum {string} */
            status: "open" | "completing" | "completed" | "aborted" | "expired";
            plan: {
                /** @enum {string} */
                kind: "single";
            } | {
                /** @enum {string} */
                kind: "multipart";
                partSizeBytes: number;
                partCount: number;
            };
            fingerprint?: string;
            profile?: string;
            tags?: string[];
            jobId?: string;
            time: {
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                expires: string;
                /** Format: date-time */
                completed?: string;
            };
        };
        SignedRequest: {
            partNumber?: number;
            /** @enum {string} */
            method: "PUT";
            /** Format: uri */
            url: string;
            headers: {
                [key: string]: string;
            };
            sizeBytes: number;
            /** Format: date-time */
            expires: string;
        };
        /** @description `same` is `file` if the name, the size and the fingerprint are the same, and `checksum` if the size and the checksum are. With `size`, send the file again with `crc64nvme` to find out. */
        ExistingVideo: {
            jobId: string;
            title: string;
            /** Format: date-time */
            created: string;
            /** @enum {string} */
            same: "file" | "checksum" | "size";
        };
        Profile: {
            name: string;
            summary: string;
            picture: boolean;
            hls: boolean;
            downloads: ("1080p" | "720p" | "web-720p")[];
            usesPresets: boolean;
            storyboard: boolean;
            captions: boolean;
            maxShortSide: number;
            maxFrameRate: number;
            quality: number;
        };
        Job: {
            id: string;
            ownerId: string;
            title: string;
            fileName: string;
            tags?: string[];
            uploadId?: string;
            source: {
                bucket: string;
                key: string;
                sizeBytes: number;
                etag: string;
                sequencer: string;
                versionId?: string;
                media?: {
                    container: string;
                    durationSeconds: number;
                    width?: number;
                    height?: number;
                    frameRate?: number;
                    videoCodec?: string;
                    isProgressive?: boolean;
                    isBt709?: boolean;
                    rotation?: number;
                    sampleAspect?: number;
                    bitRate?: number;
                    audioCodec?: string;
                    audioChannels?: number;
                    audioSampleRate?: number;
                    recordings?: {
                        tracks: number[];
                        language?: string;
                    }[];
                    text?: {
                        language?: string;
                        isTimedText?: boolean;
                        stream?: number;
                    }[];
                    mediaType?: string;
                };
                checksum?: string;
                replaced?: {
                    /** Format: date-time */
                    time: string;
                    jobId: string;
                };
            };
            attempt: number;
            automatic?: boolean;
            /** @enum {string} */
            status: "received" | "submitted" | "progressing" | "checking" | "complete" | "error" | "canceled" | "rejected";
            progressPercent: number;
            encoderJobId?: string;
            /** @enum {string} */
            waiting?: "disk";
            failure?: {
                /** @enum {string} */
                type: "source.empty";
            } | {
                /** @enum {string} */
                type: "source.not_media";
            } | {
                /** @enum {string} */
                type: "source.no_video";
            } | {
                /** @enum {string} */
                type: "source.no_audio";
            } | {
                /** @enum {string} */
                type: "source.audio_only";
            } | {
                /** @enum {string} */
                type: "source.picture";
                animated: boolean;
            } | {
                /** @enum {string} */
                type: "source.truncated";
            } | {
                /** @enum {string} */
                type: "source.too_long";
                durationSeconds: number;
                limitSeconds: number;
            } | {
                /** @enum {string} */
                type: "source.too_large";
                sizeBytes: number;
                limitBytes: number;
            } | {
                /** @enum {string} */
                type: "source.missing";
            } | {
                /** @enum {string} */
                type: "source.archived";
            } | {
                /** @enum {string} */
                type: "source.replaced";
            } | {
                /** @enum {string} */
                type: "source.encrypted";
            } | {
                /** @enum {string} */
                type: "source.damaged";
            } | {
                /** @enum {string} */
                type: "source.unsupported_video";
            } | {
                /** @enum {string} */
                type: "source.unsupported_audio";
            } | {
                /** @enum {string} */
                type: "source.too_many_pixels";
                width?: number;
                height?: number;
                limitPixels: number;
            } | {
                /** @enum {string} */
                type: "source.too_many_frames";
                frames: number;
                limitFrames: number;
            } | {
                /** @enum {string} */
                type: "source.too_sparse";
                durationSeconds: number;
                sizeBytes: number;
                limitBytesPerSecond: number;
            } | {
                /** @enum {string} */
                type: "encoder.refused";
                errorId?: string;
            } | {
                /** @enum {string} */
                type: "encoder.failed";
                code: number;
                errorId?: string;
            } | {
                /** @enum {string} */
                type: "encoder.lost";
            } | {
                /** @enum {string} */
                type: "encoder.stopped";
                errorId?: string;
            } | {
                /** @enum {string} */
                type: "encoder.storage";
                errorId?: string;
            } | {
                /** @enum {string} */
                type: "encoder.out_of_memory";
                errorId?: string;
            } | {
                /** @enum {string} */
                type: "encoder.time_limit";
                limitSeconds: number;
            } | {
                /** @enum {string} */
                type: "encoder.memory_limit";
                limitBytes: number;
            } | {
                /** @enum {string} */
                type: "encoder.output_limit";
                limitBytes: number;
            } | {
                /** @enum {string} */
                type: "encoder.output";
                /** @enum {string} */
                label: "hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster";
                /** @enum {string} */
                problem: "missing" | "empty" | "incomplete" | "unreadable" | "wrong_size" | "silent";
                errorId?: string;
            } | {
                /** @enum {string} */
                type: "encoder.unavailable";
            } | {
                /** @enum {string} */
                type: "encoder.unreadable";
            };
            warnings?: ({
                /** @enum {string} */
                type: "source.damaged";
            } | {
                /** @enum {string} */
                type: "source.changed";
            } | {
                /** @enum {string} */
                type: "source.length";
                statedSeconds: number;
                seconds: number;
            } | {
                /** @enum {string} */
                type: "source.silent";
            } | {
                /** @enum {string} */
                type: "source.captions";
                languages: string[];
            } | {
                /** @enum {string} */
                type: "captions.file";
                fileName: string;
                problem: string;
            })[];
            /** @default original */
            profile: string;
            expected?: ("hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster")[];
            landed: string[];
            posterKey?: string;
            chosenPoster?: {
                key: string;
                sizeBytes: number;
            };
            earlier?: {
                attempt: number;
                landed: string[];
                posterKey?: string;
            };
            time: {
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                updated: string;
                /** Format: date-time */
                submitted?: string;
                /** Format: date-time */
                started?: string;
                /** Format: date-time */
                ended?: string;
            };
            /** Format: uri */
            posterUrl?: string;
            failureMessage?: string;
            warningMessages?: string[];
        };
        Change: {
            /** @enum {string} */
            type: "job";
            job: {
                id: string;
                ownerId: string;
                title: string;
                fileName: string;
                tags?: string[];
                uploadId?: string;
                source: {
                    bucket: string;
                    key: string;
                    sizeBytes: number;
                    etag: string;
                    sequencer: string;
                    versionId?: string;
                    media?: {
                        container: string;
                        durationSeconds: number;
                        width?: number;
                        height?: number;
                        frameRate?: number;
                        videoCodec?: string;
                        isProgressive?: boolean;
                        isBt709?: boolean;
                        rotation?: number;
                        sampleAspect?: number;
                        bitRate?: number;
                        audioCodec?: string;
                        audioChannels?: number;
                        audioSampleRate?: number;
                        recordings?: {
                            tracks: number[];
                            language?: string;
                        }[];
                        text?: {
                            language?: string;
                            isTimedText?: boolean;
                            stream?: number;
                        }[];
                        mediaType?: string;
                    };
                    checksum?: string;
                    replaced?: {
                        /** Format: date-time */
                        time: string;
                        jobId: string;
                    };
                };
                attempt: number;
                automatic?: boolean;
                /** @enum {string} */
                status: "received" | "submitted" | "progressing" | "checking" | "complete" | "error" | "canceled" | "rejected";
                progressPercent: number;
                encoderJobId?: string;
                /** @enum {string} */
                waiting?: "disk";
                failure?: {
                    /** @enum {string} */
                    type: "source.empty";
                } | {
                    /** @enum {string} */
                    type: "source.not_media";
                } | {
                    /** @enum {string} */
                    type: "source.no_video";
                } | {
                    /** @enum {string} */
                    type: "source.no_audio";
                } | {
                    /** @enum {string} */
                    type: "source.audio_only";
                } | {
                    /** @enum {string} */
                    type: "source.picture";
                    animated: boolean;
                } | {
                    /** @enum {string} */
                    type: "source.truncated";
                } | {
                    /** @enum {string} */
                    type: "source.too_long";
                    durationSeconds: number;
                    limitSeconds: number;
                } | {
                    /** @enum {string} */
                    type: "source.too_large";
                    sizeBytes: number;
                    limitBytes: number;
                } | {
                    /** @enum {string} */
                    type: "source.missing";
                } | {
                    /** @enum {string} */
                    type: "source.archived";
                } | {
                    /** @enum {string} */
                    type: "source.replaced";
                } | {
                    /** @enum {string} */
                    type: "source.encrypted";
                } | {
                    /** @enum {string} */
                    type: "source.damaged";
                } | {
                    /** @enum {string} */
                    type: "source.unsupported_video";
                } | {
                    /** @enum {string} */
                    type: "source.unsupported_audio";
                } | {
                    /** @enum {string} */
                    type: "source.too_many_pixels";
                    width?: number;
                    height?: number;
                    limitPixels: number;
                } | {
                    /** @enum {string} */
                    type: "source.too_many_frames";
                    frames: number;
                    limitFrames: number;
                } | {
                    /** @enum {string} */
                    type: "source.too_sparse";
                    durationSeconds: number;
                    sizeBytes: number;
                    limitBytesPerSecond: number;
                } | {
                    /** @enum {string} */
                    type: "encoder.refused";
                    errorId?: string;
                } | {
                    /** @enum {string} */
                    type: "encoder.failed";
                    code: number;
                    errorId?: string;
                } | {
                    /** @enum {string} */
                    type: "encoder.lost";
                } | {
                    /** @enum {string} */
                    type: "encoder.stopped";
                    errorId?: string;
                } | {
                    /** @enum {string} */
                    type: "encoder.storage";
                    errorId?: string;
                } | {
                    /** @enum {string} */
                    type: "encoder.out_of_memory";
                    errorId?: string;
                } | {
                    /** @enum {string} */
                    type: "encoder.time_limit";
                    limitSeconds: number;
                } | {
                    /** @enum {string} */
                    type: "encoder.memory_limit";
                    limitBytes: number;
                } | {
                    /** @enum {string} */
                    type: "encoder.output_limit";
                    limitBytes: number;
                } | {
                    /** @enum {string} */
                    type: "encoder.output";
                    /** @enum {string} */
                    label: "hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster";
                    /** @enum {string} */
                    problem: "missing" | "empty" | "incomplete" | "unreadable" | "wrong_size" | "silent";
                    errorId?: string;
                } | {
                    /** @enum {string} */
                    type: "encoder.unavailable";
                } | {
                    /** @enum {string} */
                    type: "encoder.unreadable";
                };
                warnings?: ({
                    /** @enum {string} */
                    type: "source.damaged";
                } | {
                    /** @enum {string} */
                    type: "source.changed";
                } | {
                    /** @enum {string} */
                    type: "source.length";
                    statedSeconds: number;
                    seconds: number;
                } | {
                    /** @enum {string} */
                    type: "source.silent";
                } | {
                    /** @enum {string} */
                    type: "source.captions";
                    languages: string[];
                } | {
                    /** @enum {string} */
                    type: "captions.file";
                    fileName: string;
                    problem: string;
                })[];
                /** @default original */
                profile: string;
                expected?: ("hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster")[];
                landed: string[];
                posterKey?: string;
                chosenPoster?: {
                    key: string;
                    sizeBytes: number;
                };
                earlier?: {
                    attempt: number;
                    landed: string[];
                    posterKey?: string;
                };
                time: {
                    /** Format: date-time */
                    created: string;
                    /** Format: date-time */
                    updated: string;
                    /** Format: date-time */
                    submitted?: string;
                    /** Format: date-time */
                    started?: string;
                    /** Format: date-time */
                    ended?: string;
                };
                /** Format: uri */
                posterUrl?: string;
                failureMessage?: string;
                warningMessages?: string[];
            };
        } | {
            /** @enum {string} */
            type: "deleted";
            id: string;
            /** Format: date-time */
            time: string;
        };
        Counts: {
            statuses: {
                received?: number;
                submitted?: number;
                progressing?: number;
                checking?: number;
                complete?: number;
                error?: number;
                canceled?: number;
                rejected?: number;
            };
            tags: {
                tag: string;
                count: number;
            }[];
            most: number;
        };
        Rendition: {
            /** @enum {string} */
            label: "hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster";
            /** @enum {string} */
            kind: "hls" | "mp4" | "audio" | "poster";
            attempt: number;
            key: string;
            sizeBytes: number;
            checksum: string;
            container?: string;
            videoCodec?: string;
            videoProfile?: string;
            audioCodec?: string;
            width?: number;
            height?: number;
            bitRate?: number;
            frameRate?: number;
            durationSeconds?: number;
            rungs?: {
                width: number;
                height: number;
                frameRate?: number;
                bitRate: number;
                averageBitRate?: number;
            }[];
            hasStoryboard?: boolean;
            captions?: {
                language?: string;
                name: string;
            }[];
            time: {
                /** Format: date-time */
                landed: string;
            };
        };
        Event: {
            id: string;
            /** @enum {string} */
            type: "upload.created" | "upload.completed" | "source.received" | "source.checked" | "source.replaced" | "job.rejected" | "job.submitted" | "encoder.started" | "encoder.warned" | "encoder.waiting" | "rendition.landed" | "job.checking" | "job.complete" | "job.error" | "job.canceled" | "job.retried" | "job.renamed" | "mail.sent" | "mail.failed" | "mail.withheld" | "mail.delivered" | "mail.bounced" | "mail.complained" | "mail.rejected";
            attempt: number;
            /** Format: date-time */
            time: string;
            detail?: {
                [key: string]: string | number;
            };
        };
        Playback: {
            /** Format: date-time */
            expires: string;
            expiresInSeconds: number;
            complete: boolean;
            /** Format: uri */
            posterUrl?: string;
            /** Format: uri */
            sourceDownloadUrl?: string;
            hls?: {
                /** Format: uri */
                url: string;
                /** Format: date-time */
                expires: string;
            };
            source?: {
                /** Format: uri */
                url: string;
                type: string;
            };
            captions?: {
                id: string;
                language: string;
                name: string;
                /** Format: uri */
                url: string;
            }[];
            chapters?: {
                startMs: number;
                title: string;
            }[];
            renditions: {
                /** @enum {string} */
                label: "hls" | "1080p" | "720p" | "web-720p" | "audio" | "poster";
                /** @enum {string} */
                kind: "mp4" | "audio";
                /** Format: uri */
                url: string;
                /** Format: uri */
                downloadUrl: string;
                width?: number;
                height?: number;
            }[];
        };
        Captions: {
            id: string;
            language: string;
            name: string;
            cues: number;
            sizeBytes: number;
            time: {
                /** Format: date-time */
                created: string;
            };
            /** Format: uri */
            downloadUrl: string;
        };
        Share: {
            id: string;
            jobId: string;
            /** Format: uri */
            url: string;
            /** Format: uri */
            embedUrl?: string;
            hasPassword: boolean;
            origins: string[];
            allowsOriginal: boolean;
            allowsDownloads: boolean;
            allowsPreview: boolean;
            time: {
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                expires?: string;
            };
        };
        User: {
            id: string;
            /** Format: email */
            email: string;
            name?: string;
            /** @enum {string} */
            role: "member" | "admin";
            issuer: string;
            subject: string;
            disabled: boolean;
            time: {
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                seen: string;
            };
        };
        Usage: {
            openUploads: number;
            bytes: number;
            reservedBytes: number;
            maxOpenUploads: number;
            maxBytes: number;
        };
        MailHold: {
            /** @enum {string} */
            reason: "bounced" | "complained";
            /** Format: date-time */
            time: string;
            said?: string;
        };
        Session: {
            id: string;
            current: boolean;
            address: string;
            agent: string;
            time: {
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                seen: string;
                /** Format: date-time */
                expires: string;
            };
        };
        Token: {
            id: string;
            name: string;
            scopes: ("upload" | "read" | "manage" | "share" | "keys")[];
            start: string;
            time: {
                /** Format: date-time */
                created: string;
                /** Format: date-time */
                expires: string;
                /** Format: date-time */
                used?: string;
            };
        };
        AccessKey: {
            id: string;
            name: string;
            ownerId: string;
            /** Format: email */
            ownerEmail: string;
            time: {
                /** Format: date-time */
                created: string;
            };
        };
        ListedUser: components["schemas"]["User"] & {
            mailHeld?: components["schemas"]["MailHold"];
        };
        AuditEvent: {
            id: string;
            /** Format: date-time */
            time: string;
            /** @enum {string} */
            action: "signin" | "signin.refused" | "signout" | "session.revoked" | "session.stolen" | "user.disabled" | "user.enabled" | "mail.freed" | "token.created" | "token.revoked" | "key.created" | "key.revoked" | "share.created" | "share.revoked" | "upload.created" | "upload.removed" | "videos.listed" | "job.opened" | "job.renamed" | "job.tagged" | "job.retried" | "job.canceled" | "job.deleted" | "captions.added" | "captions.changed" | "captions.removed" | "poster.chosen" | "poster.reset" | "queue.redriven" | "deployment.recorded" | "storage.damaged";
            ownerId?: string;
            email?: string;
            /** @enum {string} */
            via?: "local" | "session" | "token";
            credentialId?: string;
            target?: string;
            detail?: {
                [key: string]: string | number;
            };
            address?: string;
        };
        DeadLetterQueue: {
            name: string;
            /** @enum {string} */
            kind: "queue" | "function" | "stream";
            count: number;
            letters: {
                queue: string;
                id: string;
                /** Format: date-time */
                time: string;
                reason: string;
                attempts?: number;
                summary: string;
            }[];
        };
        Redriven: {
            queue: string;
            sent: number;
            kept: number;
            message: string;
        };
        Deployment: {
            id: string;
            stage: string;
            version: string;
            commit: string;
            /** Format: date-time */
            deployedAt: string;
            approvedBy?: string;
            pipelineExecutionId?: string;
            /** Format: uri */
            url?: string;
            /** @enum {string} */
            outcome: "deployed" | "rolled-back";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
