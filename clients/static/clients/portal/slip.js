// A slip that was scanned brings its code behind the #, which no server is told. It goes into the field, and out of the address.

const field = document.getElementById("id_code");
const code = location.hash.slice(1);
if (field && !field.value && /^[A-Za-z0-9-]{16,24}$/.test(code)) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
}
