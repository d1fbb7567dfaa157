import { expectTypeOf, test } from "vitest";
import type * as z from "zod";
import type {
  Account,
  Accounts,
  Audit,
  CallbackCounts,
  Gap,
  GatewayStatus,
  Link,
} from "../../openapi/answers/account.ts";
import type { AccountReadiness, CommandAnswer } from "../../openapi/answers/health.ts";
import type { SendState } from "../../openapi/answers/send.ts";
import type { Fault } from "../../openapi/answers/shared.ts";
import type { DeadLetter, Story } from "../../openapi/answers/story.ts";
import type { Problem } from "../../openapi/problems.ts";
import type * as audit from "../../src/account/audit.ts";
import type { DeadItem } from "../../src/account/dead.ts";
import type * as facts from "../../src/account/facts.ts";
import type { LinkStatus } from "../../src/account/link-state.ts";
import type * as sendState from "../../src/account/send-state.ts";
import type * as status from "../../src/account/status.ts";
import type * as story from "../../src/account/story.ts";
import type * as callback from "../../src/clickclack/callback.ts";
import type * as config from "../../src/config/types.ts";
import type { AccountView } from "../../src/http/accounts.ts";
import type * as health from "../../src/http/health.ts";
import type * as problem from "../../src/http/problem.ts";

// What the types check does: a field that the Worker answers with and that is not described, or the other way round, or of
// another type, does not compile.
test("answers are described with all their fields", () => {
  expectTypeOf<z.output<typeof Fault>>().toEqualTypeOf<config.Fault>();
  expectTypeOf<z.output<typeof Story>>().toEqualTypeOf<story.Story>();
  expectTypeOf<z.output<typeof DeadLetter>>().toEqualTypeOf<DeadItem>();
  expectTypeOf<Omit<z.output<typeof SendState>, "account">>().toEqualTypeOf<sendState.SendState>();
  expectTypeOf<z.output<typeof Gap>>().toEqualTypeOf<facts.Gap>();
  expectTypeOf<z.output<typeof GatewayStatus>>().toEqualTypeOf<status.GatewayStatus>();
  expectTypeOf<z.output<typeof Audit>>().toEqualTypeOf<audit.RoadAudit>();
  expectTypeOf<z.output<typeof CallbackCounts>>().toEqualTypeOf<audit.CallbackCounts>();
  expectTypeOf<LinkStatus>().toExtend<z.output<typeof Link>>();
  expectTypeOf<keyof LinkStatus>().toEqualTypeOf<keyof z.output<typeof Link>>();
  expectTypeOf<AccountView>().toExtend<z.output<typeof Account>>();
  expectTypeOf<keyof AccountView>().toEqualTypeOf<keyof z.output<typeof Account>>();
  expectTypeOf<z.output<typeof Accounts>["accounts"][number]>().toEqualTypeOf<z.output<typeof Account>>();
  expectTypeOf<z.output<typeof AccountReadiness>>().toEqualTypeOf<health.AccountReadiness>();
  expectTypeOf<z.output<typeof CommandAnswer>>().toEqualTypeOf<callback.CommandAnswer>();
  // A wait is told by a header.
  type Written = Omit<problem.Problem, "retryAfterMs"> & {
    type: "about:blank";
    title: string;
    status: number;
  };
  expectTypeOf<keyof Written>().toEqualTypeOf<keyof z.output<typeof Problem>>();
  expectTypeOf<Written["code"]>().toEqualTypeOf<z.output<typeof Problem>["code"]>();
});
