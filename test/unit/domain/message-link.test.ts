import { expect, test } from "vitest";
import { readMessageLink } from "../../../src/domain/message-link.ts";

const ID = "msg_01m87v6kvj5wc3std1c9j8fn2w";
const WORKSPACE = "T01KR3EXAMP7E1234";
const MESSAGE = "M01KR3EXAMP7E1234";
const ROUTE = { workspaceRoute: WORKSPACE, route: MESSAGE };

test.each([
  [ID, { id: ID }],
  [`  ${ID.toUpperCase()}\n`, { id: ID }],
  ["sci_01m87v6kvj5wc3std1c9j8fn2w", { id: "sci_01m87v6kvj5wc3std1c9j8fn2w" }],
  // The links of older clients, with ClickClack's own ids.
  [`https://chat.example.com/app/wsp_01kb/${ID}`, { id: ID }],
  // The sandbox's page: the thread's root is the message.
  [`http://127.0.0.1:4000/#channel/chn_01kb/${ID}`, { id: ID }],
  [`https://chat.example.com/api/messages/msg_01kb/thread?around=${ID}`, { id: ID }],
  [`<https://chat.example.com/app/wsp_01kb/${ID}>`, { id: ID }],
  // "Copy link", and the same shown within another page.
  [`https://chat.example.com/app/${WORKSPACE}/${MESSAGE}`, ROUTE],
  [`https://chat.example.com/team/app/${WORKSPACE}/${MESSAGE}?from=mail#top`, ROUTE],
  [`https://chat.example.com/embed/thread/${WORKSPACE}/${MESSAGE}`, ROUTE],
  [`${WORKSPACE}/${MESSAGE}`, ROUTE],
])("reads %s", (written, named) => {
  expect(readMessageLink(written)).toEqual(named);
});

test.each([
  "",
  "hello",
  "msg_",
  "https://chat.example.com/app/T01KR3EXAMP7E1234",
  "https://chat.example.com/app/T01KR3EXAMP7E1234/C01KR3EXAMP7E1234",
  "https://chat.example.com/app/T01KR3EXAMP7E1234/D01KR3EXAMP7E1234",
  `https://chat.example.com/app/${WORKSPACE}/${MESSAGE}5`,
  "https://chat.example.com/app/wsp_01kb/chn_01kb",
  "somemsg_01kb",
])("does not take %j for a message", (written) => {
  expect(readMessageLink(written)).toBeUndefined();
});
