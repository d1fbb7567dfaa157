declare module "*.json5" {
  const text: string;
  export default text;
}
